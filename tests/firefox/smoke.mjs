// Every page in Firefox: it opens with maps, a control acts, a cell answers, a picture is read, no
// label is cut off, and the console stays silent. Run by scripts/firefox.py as
// `node smoke.mjs FIREFOX ADDRESS PICTURE SLUG…`; prints a line a page and ends with 1 if one fails.

import puppeteer from "puppeteer-core"

const [firefox, address, picture, ...slugs] = process.argv.slice(2)
const STILL = new Set(["convolution", "training"]) // their first slider moves in time, not in the maps
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

async function visit(slug) {
  const page = await browser.newPage()
  const troubles = []
  page.on("console", said => said.type() === "error" && troubles.push(said.text()))
  page.on("pageerror", error => troubles.push(error.message))
  await page.setViewport({ width: 1280, height: 720 })
  await page.goto(`${address}/${slug}`)
  await page.waitForFunction(rested, WAIT)
  const slider = await page.$(">>> [role=slider]") ?? await page.$(">>> input[type=range]")
  if (slider) {
    const before = await page.evaluate(figures)
    await slider.focus()
    await slider.press("ArrowRight")
    const moved = `(${figures})() !== ${JSON.stringify(before)}`
    if (before && !STILL.has(slug)) await page.waitForFunction(moved, WAIT).catch(() => troubles.push("the slider moved nothing"))
    await page.waitForFunction(rested, WAIT)
  }
  const map = await page.$(">>> canvas")
  await map.hover()
  const uploader = await page.$("[data-testid=stFileUploader] input[type=file]")
  if (uploader) {
    await uploader.uploadFile(picture)
    await page.waitForSelector("[data-testid=stButton] ::-p-text(Back to)", WAIT)
    await page.waitForFunction(rested, WAIT)
  }
  troubles.push(...(await page.evaluate(cut)).map(label => `label cut off: ${label}`))
  await page.close()
  return troubles
}

let failed = 0
for (const slug of slugs) {
  const troubles = await visit(slug).catch(error => [String(error)])
  console.log(`${slug || "lab"}: ${troubles.length ? troubles.join(" | ") : "passed"}`)
  failed += troubles.length > 0
}
await browser.close()
console.log(`${slugs.length - failed} passed, ${failed} failed`)
process.exit(failed ? 1 : 0)
