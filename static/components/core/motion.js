// @ts-check

/** Whether the person has told their system that little should move. */
export const wantsRest = () => matchMedia("(prefers-reduced-motion: reduce)").matches
