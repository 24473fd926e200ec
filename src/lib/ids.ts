/** The largest id there can be. */
export const INT4_MAX = 2_147_483_647;
