// Arms: the parts of a decision area's customers that an experiment treats differently. Their names stand on decisions
// for ever, so the two that mean something by themselves are fixed here.

/** The arm of everybody whom no other arm takes; it decides as the strategy in force does. */
export const championArm = "champion";

/** The arm that is left alone, so that the effect of acting can be measured. */
export const holdoutArm = "holdout";

/** What chose the strategy of a decision: an experiment and one of its arms. */
export type ArmRef = Readonly<{ experiment: string; arm: string }>;
