// Which card of a gallery is chosen. It stands in the part of the page that shows what is chosen, so
// that a click runs that part and not the gallery.

const version = new URL(import.meta.url).search
const { gallery } = await import("./gallery.js" + version)

export default function ({ data, setTriggerValue }) {
  gallery(data.gallery).follow(data.chosen, name => setTriggerValue("chosen", name))
}
