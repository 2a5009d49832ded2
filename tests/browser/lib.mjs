// lib: what the tests in a browser share.
//
//	import {suite} from "./lib.mjs";
//	await suite(async t => {
//		const hub = await t.start(["hub", "run", "-d", dir], /listening/);
//		const page = await t.open("http://127.0.0.1:8400/", {width: 360});
//		await t.sound("the state's page", page);
//		t.check("it says so", await page.getByText("Synthetic").count() > 0);
//	});
//
// Prints TAP. A page that was opened here may say nothing on its console, and no
// file of it may be missing. CCFED_SHOTS=FOLDER keeps pictures of what was seen.
import {execFile, spawn} from "node:child_process";
import {existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync} from "node:fs";
import {createServer} from "node:http";
import {tmpdir} from "node:os";
import {extname, join, normalize} from "node:path";
import {promisify} from "node:util";

const CHROMIUM = ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"].find(existsSync);
// Nothing leaves the machine, and root, as in a container, has no sandbox.
const FLAGS = ["--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
	"--disable-component-update", "--disable-sync", "--no-sandbox"];
const TYPES = {".html": "text/html; charset=utf-8", ".css": "text/css; charset=utf-8",
	".js": "text/javascript; charset=utf-8", ".svg": "image/svg+xml", ".txt": "text/plain; charset=utf-8"};
// The civil date so many days from now, where the regions are. "en-US" is the one
// locale that every Node has.
export const ZONE = "America/New_York";
export const iso = days => {
	const form = new Intl.DateTimeFormat("en-US", {timeZone: ZONE, year: "numeric", month: "2-digit", day: "2-digit"});
	const part = Object.fromEntries(form.formatToParts(new Date()).map(p => [p.type, p.value]));
	return new Date(Date.parse(`${part.year}-${part.month}-${part.day}T12:00Z`) + days * 86400000).toISOString().slice(0, 10);
};

export const POLICY = "default-src 'self'; frame-ancestors 'none'; base-uri 'none'; form-action 'self'; object-src 'none'";

// Rules of html-validate beside those of the standard and of WCAG. What is off
// is a matter of taste, or asks for what the layout does on purpose.
const RULES = {
	extends: ["html-validate:standard", "html-validate:a11y"],
	rules: {"attribute-boolean-style": "off", "long-title": "off", "no-trailing-whitespace": "off",
		"no-implicit-button-type": "off", "no-inline-style": "error", "no-dup-id": "error", "prefer-native-element": "off"},
};

// The packages, or the reason why there are none.
async function packages() {
	if (!CHROMIUM) return {missing: "Chromium is missing"};
	try {
		const {chromium} = await import("playwright-core");
		const {HtmlValidate, StaticConfigLoader} = await import("html-validate");
		const axe = readFileSync(new URL("node_modules/axe-core/axe.min.js", import.meta.url), "utf8");
		return {chromium, axe, validator: new HtmlValidate(new StaticConfigLoader(RULES))};
	} catch (e) {
		return {missing: `packages are missing, run deploy/install --tests (${e.code})`};
	}
}

export async function suite(body) {
	const have = await packages();
	if (have.missing) {
		console.log(`1..0 # SKIP ${have.missing}`);
		return;
	}
	const t = new Tests(have);
	try {
		await body(t);
	} catch (e) {
		t.check("the story came to its end", false, e.stack);
	}
	await t.close();
	console.log(`1..${t.done}`);
	process.exitCode = t.failed ? 1 : 0;
}

class Tests {
	constructor(have) {
		Object.assign(this, have);
		this.done = this.failed = 0;
		this.ends = [];
		this.said = new Map();	// page -> what its console said
	}

	check(name, ok, note = "") {
		this.done++;
		if (!ok) this.failed++;
		for (const line of ok ? [] : String(note).split("\n")) console.log("# " + line);
		console.log(`${ok ? "ok" : "not ok"} ${this.done} - ${name}`);
		return ok;
	}
	equal(name, got, want) {
		return this.check(name, JSON.stringify(got) === JSON.stringify(want), `got ${JSON.stringify(got)}\nnot ${JSON.stringify(want)}`);
	}

	// --- what is tested ---

	folder() {
		const path = mkdtempSync(join(tmpdir(), "ccfed-browser-"));
		this.ends.unshift(() => rmSync(path, {recursive: true, force: true}));
		return path;
	}

	// A port that nobody listens at just now.
	async port() {
		const server = createServer();
		await new Promise(resolve => server.listen(0, "127.0.0.1", resolve));
		const {port} = server.address();
		await new Promise(resolve => server.close(resolve));
		return port;
	}

	// Run ccfed to its end: what it printed. Fails if ccfed does.
	async ccfed(...args) {
		const {stdout} = await promisify(execFile)(process.env.CCFED_EXE, args, {maxBuffer: 1 << 26});
		return stdout;
	}

	// Start a daemon and wait until what it says matches; gives the match.
	async start(args, ready, env = {}) {
		const child = spawn(process.env.CCFED_EXE, args, {stdio: ["ignore", "pipe", "pipe"], env: {...process.env, ...env}});
		let said = "";
		const ended = new Promise(resolve => child.once("exit", resolve));
		this.ends.unshift(async () => {
			child.kill("SIGTERM");
			await ended;
		});
		const match = await new Promise((resolve, reject) => {
			const hear = bytes => {
				said += bytes;
				const m = said.match(ready);
				if (m) resolve(m);
			};
			child.stdout.on("data", hear);
			child.stderr.on("data", hear);
			ended.then(code => reject(new Error(`ccfed ${args.join(" ")} ended with ${code}: ${said}`)));
		});
		return Object.assign(child, {match});
	}

	// Serve a folder under the policy of the real pages; gives its address.
	async serve(folder) {
		const server = createServer((req, res) => {
			const path = normalize(decodeURIComponent(new URL(req.url, "http://x").pathname));
			const file = join(folder, path);
			if (!existsSync(file) || !extname(file)) {
				res.writeHead(404).end();
				return;
			}
			res.writeHead(200, {"Content-Type": TYPES[extname(file)], "Content-Security-Policy": POLICY});
			res.end(readFileSync(file));
		});
		await new Promise(resolve => server.listen(0, "127.0.0.1", resolve));
		this.ends.unshift(() => new Promise(resolve => {
			server.closeAllConnections();
			server.close(resolve);
		}));
		return `http://127.0.0.1:${server.address().port}`;
	}

	// --- the browser ---

	async open(url, {width = 1280, height = 900, script = true, context} = {}) {
		if (!this.browser) {
			this.browser = await this.chromium.launch({executablePath: CHROMIUM, args: FLAGS});
			this.ends.unshift(() => this.browser.close());
		}
		const own = context || await this.browser.newContext({javaScriptEnabled: script, acceptDownloads: true});
		const page = await own.newPage(), said = [];
		this.said.set(page, said);
		await page.setViewportSize({width, height});
		page.on("console", m => { if (["error", "warning"].includes(m.type())) said.push(`${m.type()}: ${m.text()}`); });
		page.on("pageerror", e => said.push(e.message));
		page.on("requestfailed", r => {
			if (r.failure()?.errorText !== "net::ERR_ABORTED") said.push(`${r.url()}: ${r.failure()?.errorText}`);
		});
		await page.goto(url);
		if (script) await this.drawn(page);
		return page;
	}

	// Charts are there.
	async drawn(page) {
		if (await page.locator("script[src*='/charts-']").count())
			await page.waitForSelector("html[data-charts]", {timeout: 10000});
	}

	// The first account of a hub or node, by the link that it printed; signed in.
	async firstAccount(link, {name = "jo", title = "Jo Alvarado", password = "correct horse battery"} = {}) {
		const page = await this.open(link);
		await page.fill("#title", title);
		await page.fill("#name", name);
		await page.fill("#password", password);
		await page.fill("#password2", password);
		await Promise.all([page.waitForURL(url => !url.pathname.startsWith("/link/")), page.getByRole("button", {name: "Save and sign in"}).click()]);
		return page;
	}
	async signIn(page, {name = "jo", password = "correct horse battery"} = {}) {
		await page.fill("#name", name);
		await page.fill("#password", password);
		await Promise.all([page.waitForNavigation(), page.getByRole("button", {name: "Sign in", exact: true}).click()]);
	}

	// Everything that every page must be, at three widths.
	async sound(name, page) {
		await this.valid(name, page);
		for (const width of [1280, 360]) {
			await page.setViewportSize({width, height: 900});
			await this.accessible(`${name} at ${width} px`, page);
			await this.shot(`${name} ${width}`, page);
		}
		await this.reflows(name, page);
		await page.setViewportSize({width: 1280, height: 900});
		this.quiet(name, page);
	}

	async accessible(name, page) {
		await page.evaluate(this.axe);
		const found = await page.evaluate(() => axe.run({resultTypes: ["violations"]}));
		return this.check(`${name}: axe finds nothing`, found.violations.length === 0,
			found.violations.flatMap(v => [`${v.id}: ${v.help}`, ...v.nodes.slice(0, 3).map(n => "  " + n.html.slice(0, 160) + " " + (n.any[0]?.message || ""))]).join("\n"));
	}
	// WCAG 1.4.10: no sideways scrolling of the page.
	async reflows(name, page) {
		await page.setViewportSize({width: 320, height: 900});
		await page.waitForTimeout(100);
		const wide = await page.evaluate(() => document.documentElement.scrollWidth);
		await this.shot(`${name} 320`, page);
		return this.check(`${name}: nothing scrolls sideways at 320 px`, wide <= 320, `the page is ${wide} px wide`);
	}
	// The source as the server sent it.
	async valid(name, page) {
		const answer = await page.request.get(page.url());
		const report = await this.validator.validateString(await answer.text(), page.url());
		return this.check(`${name}: HTML is valid`, report.valid,
			report.results.flatMap(r => r.messages.map(m => `${m.line}:${m.column} ${m.ruleId}: ${m.message}`)).slice(0, 20).join("\n"));
	}
	quiet(name, page) {
		const said = this.said.get(page);
		return this.check(`${name}: the console is silent`, said.length === 0, said.join("\n"));
	}
	// What a test provoked itself, a refusal say, is not held against the page.
	forget(page) {
		this.said.get(page).length = 0;
	}
	async shot(name, page) {
		const folder = process.env.CCFED_SHOTS;
		if (!folder) return;
		mkdirSync(folder, {recursive: true});
		await page.screenshot({path: join(folder, name.replace(/[^a-z0-9]+/gi, "-") + ".png"), fullPage: true});
	}
	// Where Tab leads, as texts; each must be seen to have the focus.
	async tabs(page, n) {
		const seen = [];
		for (let i = 0; i < n; i++) {
			await page.keyboard.press("Tab");
			seen.push(await page.evaluate(() => {
				const e = document.activeElement, style = getComputedStyle(e);
				return {text: (e.innerText || e.ariaLabel || e.labels?.[0]?.innerText || e.id).trim(), ring: style.outlineStyle !== "none"};
			}));
		}
		return seen;
	}

	async close() {
		for (const end of this.ends) await end();
	}
}
