// pictures: the pictures in README, of a running deploy/demo.
//
//	node tests/browser/pictures.mjs DEMO     DEMO: its folder, with sign-in.txt
//
// Small: what a page looks like, not what stands on it.
import {readFile} from "node:fs/promises";
import {fileURLToPath} from "node:url";
import {chromium} from "playwright-core";

const text = await readFile(`${process.argv[2] || "build/demo"}/sign-in.txt`, "utf8");
const password = text.match(/password.*: (\S+)/)[1];
const site = role => text.split("\n").find(l => l.includes(role)).match(/https?:\/\/[^/\s]+/)[0];
const to = fileURLToPath(new URL("pictures/", import.meta.url));
const browser = await chromium.launch({executablePath: "/usr/bin/chromium", args: ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]});

async function signIn(role) {
	const page = await (await browser.newContext({viewport: {width: 1120, height: 900}, deviceScaleFactor: 0.7})).newPage();
	await page.goto(site(role));
	await page.fill("input[name=name]", role);
	await page.fill("input[type=password]", password);
	await Promise.all([page.waitForNavigation(), page.locator("main form button").first().click()]);
	return page;
}

async function take(page, path, name) {
	if (path)
		await page.goto(new URL(path, page.url()).href);
	await page.screenshot({path: `${to}${name}.png`});
}

const desk = await signIn("coordinator");
await take(desk, "/today", "today");
await desk.locator("a.name").first().click();
await take(desk, null, "child");
const hub = await signIn("operator");
await hub.waitForSelector("html[data-charts]");
await take(hub, "/", "state");
await hub.goto(new URL("/measure/M10", hub.url()).href);
await hub.waitForSelector("html[data-charts]");
await take(hub, null, "measure");
await browser.close();
