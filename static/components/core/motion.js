// @ts-check

/** Whether the user has asked their system for reduced motion. */
export const wantsRest = () => matchMedia("(prefers-reduced-motion: reduce)").matches
