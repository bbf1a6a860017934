// Findings: everything that is wrong or doubtful in what people wrote, each with its place and its cure.

export interface Position {
  readonly file: string;
  /** 1-based. */
  readonly line: number;
  /** 1-based, in UTF-16 code units. */
  readonly column: number;
}

export interface Finding extends Position {
  /** An error stops the pipeline that it stands in (or, outside any pipeline, all of them); a warning stops nothing. */
  readonly severity: "error" | "warning";
  /** `pipelines[0].environments[1].merge-when[0]`. */
  readonly path: string;
  /** What is wrong, a whole sentence. */
  readonly message: string;
  /** What was expected, or the nearest known word. */
  readonly hint?: string;
  /** The source line and how many code units the caret line marks from `column`. */
  readonly excerpt?: string;
  readonly length?: number;
  /** The pipeline that it belongs to, where there is one. */
  readonly pipeline?: string;
}
