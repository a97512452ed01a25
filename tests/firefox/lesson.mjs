// A class that is led, in Firefox: one follows the teacher's hand, answers a question, and is told whether that
// was right. Run by scripts/firefox.py as `node lesson.mjs FIREFOX ADDRESS`; ends with 1 if it fails.

import puppeteer from "puppeteer-core"

const [firefox, address] = process.argv.slice(2)
const WAIT = { timeout: 60_000 }
const browser = await puppeteer.launch({ browser: "firefox", executablePath: firefox, headless: true })
const troubles = []

async function open(path) {
  const page = await (await browser.createBrowserContext()).newPage()
  page.on("console", said => said.type() === "error" && troubles.push(said.text()))
  page.on("pageerror", error => troubles.push(error.message))
  await page.setViewport({ width: 1280, height: 720 })
  await page.goto(`${address}/${path}`)
  return page
}

/** What a page shows in numbers, shadow roots included. */
const figures = () => [...document.querySelectorAll("*")]
  .flatMap(({ shadowRoot }) => shadowRoot ? [...shadowRoot.querySelectorAll(".figures")] : [])
  .map(line => line.textContent).join("\n")

/** The features of the cell in hand, unrounded. */
const truth = () => [...document.querySelectorAll("*")]
  .flatMap(({ shadowRoot }) => shadowRoot ? [...shadowRoot.querySelectorAll(".panel")] : [])
  .map(({ dataset }) => dataset.reading && JSON.parse(dataset.reading).features).find(value => value !== undefined)

/** The button that begins with a text, shadow roots included. */
const button = text => [document, ...[...document.querySelectorAll("*")].flatMap(({ shadowRoot }) => shadowRoot ?? [])]
  .flatMap(root => [...root.querySelectorAll("button")])
  .find(one => one.textContent.startsWith(text) && one.checkVisibility({ visibilityProperty: true }))

const missing = text => () => { throw new Error(`there is no “${text}”`) }
const press = async (page, text) => (await page.waitForFunction(button, WAIT, text).catch(missing(text))).asElement().click()
const reads = (page, text) => page.waitForFunction(words => [...document.querySelectorAll(".card *")]
  .some(one => one.textContent.startsWith(words)), WAIT, text).catch(missing(text))

async function lesson() {
  const teacher = await open("")
  await teacher.waitForFunction(`(${figures})() && document.querySelector("[data-test-script-state=notRunning]")`, WAIT)
  await press(teacher, "Class")
  await press(teacher, "Lead a class")
  await teacher.waitForSelector(">>> .letters", { ...WAIT, visible: true })
  const code = await teacher.$eval(">>> .letters", letters => letters.textContent)
  await press(teacher, "Begin")

  const follower = await open(`join/${code}`)
  const follows = async () => {
    const wanted = JSON.stringify(await teacher.evaluate(figures))
    await follower.waitForFunction(`(${figures})() === ${wanted}`, WAIT)
  }
  await follows()
  const slider = await teacher.waitForSelector(">>> input[type=range]", WAIT)
  const before = await teacher.evaluate(figures)
  await slider.focus()
  await slider.press("ArrowRight")
  await teacher.waitForFunction(`(${figures})() !== ${JSON.stringify(before)}`, WAIT)
  await follows()
  console.log("lesson: a follower has the teacher's numbers")

  const windows = await teacher.$$(">>> .window canvas")
  await windows[1].click() // a cell of the features, which is kept
  const right = await teacher.evaluate(truth)
  await press(teacher, `${code} · 1`)
  await press(teacher, "Ask")
  const field = await follower.waitForSelector(".card input", { ...WAIT, visible: true })
  await field.type(String(right))
  await press(follower, "Send")
  await reads(follower, "Sent.")
  await press(teacher, "Show the answers")
  await reads(follower, "Yours was right.")
  console.log("lesson: an answer is counted and judged")
}

await lesson().catch(error => troubles.push(String(error)))
await browser.close()
console.log(`lesson: ${troubles.length ? troubles.join(" | ") : "passed"}`)
process.exit(troubles.length ? 1 : 0)
