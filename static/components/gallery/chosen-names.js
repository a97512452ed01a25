// @ts-check
// How a click on a card changes the choice.

/**
 * The chosen cards after a click: that card or, where several can be chosen, the choice with or
 * without it. At least one stays.
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
