// Which repositories there are, which images each tracks and which live sources it follows, so that the news of an image
// or a cluster finds the repositories it concerns.

import type { RepositoryReference } from "../forge/forge.ts";
import { type Database, isStorable, type Row } from "./database.ts";
import type { RepositoryDirectory } from "./store.ts";

export function createRepositoryDirectory(
  database: Database,
  { schema }: { readonly schema: string },
): RepositoryDirectory {
  const tables = {
    images: { schema, table: "images", column: "image" },
    sources: { schema, table: "sources", column: "source" },
  } as const;
  return {
    async save({ repository, installation, owner, name }) {
      await database.query(
        `insert into ${schema}.repositories (id, installation, owner, name) values ($1, $2, $3, $4)
         on conflict (id) do update
         set installation = excluded.installation, owner = excluded.owner, name = excluded.name`,
        [repository, installation, owner, name],
      );
    },

    async find(repository) {
      const [row] = await database.query(`select * from ${schema}.repositories where id = $1`, [repository]);
      return row === undefined ? undefined : readReference(row);
    },

    async list() {
      return (await database.query(`select * from ${schema}.repositories order by id`)).map(readReference);
    },

    async remove(repository) {
      await database.transaction(async (sql) => {
        await sql.query(`delete from ${schema}.images where repository = $1`, [repository]);
        await sql.query(`delete from ${schema}.sources where repository = $1`, [repository]);
        await sql.query(`delete from ${schema}.repositories where id = $1`, [repository]);
      });
    },

    saveImages: (repository, images) => replaceNames(database, { ...tables.images, repository, names: images }),
    trackers: (image) => repositoriesOf(database, { ...tables.images, name: image }),

    saveSources: (repository, sources) => replaceNames(database, { ...tables.sources, repository, names: sources }),
    followers: (source) => repositoriesOf(database, { ...tables.sources, name: source }),

    async followedSources() {
      const rows = await database.query(`select distinct source from ${schema}.sources order by source`);
      return rows.map(({ source }) => String(source));
    },
  };
}

/** Names, and the repositories that they concern. */
interface NameTable {
  readonly schema: string;
  readonly table: "images" | "sources";
  readonly column: "image" | "source";
}

async function replaceNames(
  database: Database,
  {
    schema,
    table,
    column,
    repository,
    names,
  }: NameTable & { readonly repository: number; readonly names: readonly string[] },
): Promise<void> {
  const kept = names.filter(isStorable);
  await database.transaction(async (sql) => {
    await sql.query(`delete from ${schema}.${table} where repository = $1 and ${column} <> all($2::text[])`, [
      repository,
      kept,
    ]);
    await sql.query(
      `insert into ${schema}.${table} (${column}, repository) select unnest($2::text[]), $1 on conflict do nothing`,
      [repository, kept],
    );
  });
}

async function repositoriesOf(
  database: Database,
  { schema, table, column, name }: NameTable & { readonly name: string },
): Promise<readonly RepositoryReference[]> {
  if (!isStorable(name)) {
    return [];
  }
  const rows = await database.query(
    `select r.* from ${schema}.${table} named join ${schema}.repositories r on r.id = named.repository
     where named.${column} = $1 order by r.id`,
    [name],
  );
  return rows.map(readReference);
}

function readReference(row: Row): RepositoryReference {
  return {
    installation: Number(row.installation),
    repository: Number(row.id),
    owner: String(row.owner),
    name: String(row.name),
  };
}
