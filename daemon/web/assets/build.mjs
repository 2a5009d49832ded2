// build: makes the stylesheet and the scripts of the pages.
//
//	node build.mjs FOLDER [NODE_MODULES]
//
// Writes style.css, app.js, charts.js and the licenses of what is in them into
// FOLDER. What it needs is in package-lock.json; `deploy/install` fetches it.
import {existsSync, mkdirSync, readFileSync, writeFileSync} from "node:fs";
import {createRequire} from "node:module";
import {dirname, join} from "node:path";
import {fileURLToPath, pathToFileURL} from "node:url";

const here = dirname(fileURLToPath(import.meta.url)), folder = process.argv[2];

let esbuild, sass;
try {
	const require = createRequire(join(here, "package.json"));
	esbuild = require("esbuild");
	sass = await import(pathToFileURL(join(here, "node_modules/sass/sass.node.mjs")).href);
} catch (e) {
	console.error(`build: the packages of ${here} are missing (${e.code}). Run deploy/install once, `
		+ "or set the meson option assets to a folder of prebuilt ones.");
	process.exit(1);
}

mkdirSync(folder, {recursive: true});
const style = sass.compile(join(here, "style.scss"), {
	// No mark of its encoding in front: in a document it would spoil a rule.
	style: "compressed", charset: false, quietDeps: true,
	loadPaths: [join(here, "node_modules/@uswds/uswds/packages")],
});
writeFileSync(join(folder, "style.css"), style.css);

// Charts and app are apart: most pages have no chart.
const packages = new Set();
for (const name of ["app", "charts"]) {
	const made = await esbuild.build({
		entryPoints: [join(here, `${name}.js`)], outfile: join(folder, `${name}.js`),
		bundle: true, minify: true, format: "iife", target: "es2020", charset: "utf8",
		legalComments: "none", logLevel: "warning", metafile: true,
		banner: {js: "/* ccfed; what it holds of others is listed in licenses.txt */"},
	});
	for (const file of Object.keys(made.metafile.inputs)) {
		const of = file.match(/node_modules\/((?:@[^/]+\/)?[^/]+)\//);
		if (of) packages.add(of[1]);
	}
}

// Packages with one text are listed together.
const texts = new Map();
for (const name of [...packages].sort()) {
	const file = ["LICENSE", "LICENSE.md", "license", "UNLICENSE"]
		.map(f => join(here, "node_modules", name, f)).find(existsSync);
	if (!file) throw new Error(`build: ${name} has no license file`);
	const text = readFileSync(file, "utf8").trim();
	texts.set(text, [...texts.get(text) || [], name]);
}
writeFileSync(join(folder, "licenses.txt"), "The scripts of these pages hold parts of:\n"
	+ [...texts].map(([text, names]) => `\n${names.join(", ")}\n\n${text}\n`).join(""));
