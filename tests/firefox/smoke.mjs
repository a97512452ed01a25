// Every page in Firefox: it opens with maps, they follow a hand that drags and a key, a cell that is
// pointed at answers, a picture is read, no label is cut off, and the console stays silent. Run by
// scripts/firefox.py as `node smoke.mjs FIREFOX ADDRESS PICTURE SLUG…`; prints a line a page, with
// what was tried there, and ends with 1 if one fails.

import puppeteer from "puppeteer-core"

const [firefox, address, picture, ...slugs] = process.argv.slice(2)
// Their first slider moves in time, or maps that have yet to be chosen, and not what is on screen.
const STILL = new Set(["convolution", "training", "inside", "kernels"])
const SILENT = new Set(["inside", "kernels", "layers"]) // they open without the numbers of a cell
const UNPICTURED = new Set(["convolution", "inside"]) // they open with a picture of their own
const WAIT = { timeout: 60_000 }
const browser = await puppeteer.launch({ browser: "firefox", executablePath: firefox, headless: true })

/** What the page shows in numbers, shadow roots included: it changes when a map changes. */
const figures = () => [...document.querySelectorAll("*")]
  .flatMap(({ shadowRoot }) => shadowRoot ? [...shadowRoot.querySelectorAll(".figures")] : [])
  .map(line => line.textContent).join("\n")

/** Whether the last run of the page has ended, and maps are on it. */
const rested = () => document.querySelector("[data-test-script-state=notRunning]")
  && [...document.querySelectorAll("*")].some(({ shadowRoot }) => shadowRoot?.querySelector("canvas"))

/** Labels of buttons that are wider than their place. */
const cut = () => [...document.querySelectorAll("button p")].flatMap(label => {
  const place = label.parentElement
  const hidden = getComputedStyle(place).overflow !== "visible"
  return hidden && label.getBoundingClientRect().width > place.getBoundingClientRect().width
    ? [label.textContent] : []
})

/** The numbers of the cell in hand, as they are written below the maps. */
const reading = () => [...document.querySelectorAll("*")]
  .flatMap(({ shadowRoot }) => shadowRoot ? [...shadowRoot.querySelectorAll(".panel")] : [])
  .map(panel => panel.textContent).join("\n")

async function visit(slug) {
  const page = await browser.newPage()
  const troubles = [], tried = []
  page.on("console", said => said.type() === "error" && troubles.push(said.text()))
  page.on("pageerror", error => troubles.push(error.message))

  /** Do something, and wait until what `read` returns is another. */
  async function changes(read, act, what) {
    const before = await page.evaluate(read)
    await act()
    const changed = `(${read})() !== ${JSON.stringify(before)}`
    await page.waitForFunction(changed, WAIT).catch(() => troubles.push(`nothing follows: ${what}`))
    tried.push(what)
  }

  /** What turns shares of an element's width and height into a place on the screen. */
  async function places(element) {
    await element.scrollIntoView()
    const { x, y, width, height } = await element.boundingBox()
    return (along, down) => [x + along * width, y + down * height]
  }

  await page.setViewport({ width: 1280, height: 720 })
  await page.goto(`${address}/${slug}`)
  await page.waitForFunction(rested, WAIT)
  const pad = await page.$(">>> .drawing-pad canvas")
  const slider = STILL.has(slug) ? null : await page.$(">>> input[type=range]")
  if (pad ?? slider) {
    const to = await places(pad ?? slider)
    await page.mouse.move(...to(0.5, 0.5))
    await page.mouse.down()
    await changes(figures, async () => {
      await page.mouse.move(...to(0.375, 0.5), { steps: 4 }) // a quarter is where some sliders begin
      if (pad) await page.mouse.up() // what is drawn is read when it is done
    }, "a drag")
    await page.mouse.up()
    await page.waitForFunction(rested, WAIT)
  }
  if (slider) {
    await slider.focus()
    await changes(figures, () => slider.press("ArrowRight"), "a key")
    await page.waitForFunction(rested, WAIT)
  }
  if (!SILENT.has(slug)) {
    const to = await places(await page.$(">>> .window canvas"))
    await page.mouse.move(...to(0.3, 0.3)) // the cell in hand may be one of the two
    await page.evaluate(() => new Promise(requestAnimationFrame))
    await changes(reading, () => page.mouse.move(...to(0.6, 0.6)), "pointing")
  }
  if (!UNPICTURED.has(slug)) {
    const own = await page.waitForSelector("[data-testid=stPopoverButton] ::-p-text(+ Own)", WAIT)
    await own.scrollIntoView()
    await own.click()
    const uploader = await page.waitForSelector("[data-testid=stPopoverBody] input[type=file]", WAIT)
    await uploader.uploadFile(picture)
    await page.waitForSelector("[data-testid=stButton] ::-p-text(Back to “)", WAIT)
    await page.waitForFunction(rested, WAIT)
    tried.push("an upload")
  }
  troubles.push(...(await page.evaluate(cut)).map(label => `label cut off: ${label}`))
  await page.close()
  return { troubles, tried }
}

let failed = 0
for (const slug of slugs) {
  const { troubles, tried } = await visit(slug).catch(error => ({ troubles: [String(error)], tried: [] }))
  console.log(`${slug || "lab"}: ${troubles.length ? troubles.join(" | ") : "passed"} (${tried.join(", ")})`)
  failed += troubles.length > 0
}
await browser.close()
console.log(`${slugs.length - failed} passed, ${failed} failed`)
process.exit(failed ? 1 : 0)
