// Which repositories there are and which images each tracks, so that an image's news finds the repositories it concerns.

import type { RepositoryReference } from "../forge/forge.ts";
import { type Database, isStorable, type Row } from "./database.ts";
import type { RepositoryDirectory } from "./store.ts";

export function createRepositoryDirectory(
  database: Database,
  { schema }: { readonly schema: string },
): RepositoryDirectory {
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
        await sql.query(`delete from ${schema}.repositories where id = $1`, [repository]);
      });
    },

    async saveImages(repository, images) {
      const kept = images.filter(isStorable);
      await database.transaction(async (sql) => {
        await sql.query(`delete from ${schema}.images where repository = $1 and image <> all($2::text[])`, [
          repository,
          kept,
        ]);
        await sql.query(
          `insert into ${schema}.images (image, repository) select unnest($2::text[]), $1 on conflict do nothing`,
          [repository, kept],
        );
      });
    },

    async trackers(image) {
      if (!isStorable(image)) {
        return [];
      }
      const rows = await database.query(
        `select r.* from ${schema}.images i join ${schema}.repositories r on r.id = i.repository
         where i.image = $1 order by r.id`,
        [image],
      );
      return rows.map(readReference);
    },
  };
}

function readReference(row: Row): RepositoryReference {
  return {
    installation: Number(row.installation),
    repository: Number(row.id),
    owner: String(row.owner),
    name: String(row.name),
  };
}
