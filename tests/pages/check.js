// SPDX-License-Identifier: GPL-2.0-only
// check.js - looks at a page of a report from inside a browser: tests/e2e/pages.sh puts it at the end
// of a copy. What is wrong becomes a line of the document, which then holds nothing else.
"use strict";
const wrong = [];

// sRGB to relative luminance, and the contrast of two: WCAG 2.1, sections 1.4.3 and its definitions.
function channels(colour) {
	const number = colour.match(/[\d.]+/g).map(Number);
	return {rgb: number.slice(0, 3), alpha: number.length > 3 ? number[3] : 1};
}

function luminance(rgb) {
	const linear = rgb.map(c => (c /= 255) <= 0.03928 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4);
	return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2];
}

function contrast(a, b) {
	const [light, dark] = [luminance(a), luminance(b)].sort((x, y) => y - x);
	return (light + 0.05) / (dark + 0.05);
}

// What an element's text stands on: the first opaque background from it outwards.
function background(element) {
	for (let at = element; at; at = at.parentElement) {
		const back = channels(getComputedStyle(at).backgroundColor);
		if (back.alpha === 1)
			return back.rgb;
		if (back.alpha > 0)
			wrong.push("half transparent background: " + name(at));
	}
	return [255, 255, 255];
}

function name(element) {
	return (element.tagName + "." + element.className + " " + element.textContent).slice(0, 70)
		.replace(/\s+/g, " ");
}

function checkContrast() {
	const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
	const seen = new Set();
	let n = 0;
	for (let node = walker.nextNode(); node; node = walker.nextNode()) {
		const element = node.parentElement, style = getComputedStyle(element);
		if (!node.textContent.trim() || seen.has(element) || element.tagName === "SCRIPT")
			continue;
		seen.add(element);
		const size = parseFloat(style.fontSize), bold = Number(style.fontWeight) >= 700;
		const least = size >= 24 || (bold && size >= 18.66) ? 3 : 4.5;
		const got = contrast(channels(style.color).rgb, background(element));
		n++;
		if (got < least)
			wrong.push("contrast " + got.toFixed(2) + " < " + least + ": " + name(element));
	}
	return n;
}

// A closed <details> hides what it holds; the keyboard reaches it once it is open.
function checkKeyboard() {
	const all = document.querySelectorAll("a[href], summary, .scroll");
	for (const element of all) {
		if (element.tabIndex > 0)
			wrong.push("out of order: " + name(element));
		element.focus({focusVisible: true});
		const style = getComputedStyle(element);
		if (document.activeElement !== element)
			wrong.push("not reached by the keyboard: " + name(element));
		else if (style.outlineStyle === "none" || parseFloat(style.outlineWidth) < 1)
			wrong.push("focus can't be seen: " + name(element));
	}
	return all.length;
}

async function checkImages() {
	const all = [...document.images];
	for (const image of all) {
		image.loading = "eager";
		await image.decode().catch(() => {});
		if (!image.complete || !image.naturalWidth)
			wrong.push("image not loaded: " + image.getAttribute("src"));
		if (!image.alt)
			wrong.push("image without words: " + image.getAttribute("src"));
	}
	return all.length;
}

function checkRequests() {
	const all = performance.getEntriesByType("resource");
	for (const entry of all)
		if (!entry.name.startsWith("file:") && !entry.name.startsWith("data:"))
			wrong.push("request to " + entry.name);
}

window.addEventListener("load", async () => {
	const wide = document.documentElement.scrollWidth - document.documentElement.clientWidth;
	if (wide > 0)
		wrong.push("wider than the window by " + wide);
	for (const details of document.querySelectorAll("details"))
		details.open = true;
	const images = await checkImages(), texts = checkContrast(), ways = checkKeyboard();
	checkRequests();
	const report = document.createElement("pre");
	report.textContent = "\n" + wrong.map(line => "WRONG " + line + "\n").join("") +
		"CHECKED images=" + images + " texts=" + texts + " ways=" + ways + "\n";
	document.body.replaceChildren(report);
});
