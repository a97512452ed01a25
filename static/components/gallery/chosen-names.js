// @ts-check
// What a click on a card means.

/**
 * What is chosen after a click: that card, or, where there are many, those and it, or those without
 * it. One stays.
 *
 * @param {string[]} chosen
 * @param {string} name
 * @param {boolean} many
 */
export function chosenAfter(chosen, name, many) {
  if (!many) return [name]
  const others = chosen.filter(one => one !== name)
  return others.length < chosen.length && others.length ? others : [...others, name]
}
