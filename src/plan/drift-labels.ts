// Labels that people with triage rights put on an issue about drift.

/** It holds nothing up while the label stands. */
export const IGNORE_LABEL = "stagecoach/ignore";

/** The reconciler is asked to sync, where the operator allows that. */
export const SYNC_LABEL = "stagecoach/sync";

/** What runs is proposed to Git. */
export const ADOPT_LABEL = "stagecoach/adopt";
