/** The pieces and the words that a component brings along for its script: no text and no HTML is made here. */

/** The path of this site's root: what is kept in the browser goes by it, for several sites can share an origin. */
export const SITE = new URL("../../", import.meta.url).pathname;

/** A copy of the named piece (`<template data-pb-part>`) of a component. */
export function part(component, name) {
  return component.querySelector(`template[data-pb-part=${name}]`).content.firstElementChild.cloneNode(true);
}

/**
 * A function that gives the component's texts by key, with `{name}` filled in. What has no text is said as it is called:
 * a level of a saved run may be one that the playbook no longer has.
 */
export function wordsOf(component) {
  const texts = new Map(Object.entries(JSON.parse(component.querySelector("script[data-pb-words]").textContent)));
  return (key, values = {}) => (texts.get(key) ?? key).replace(/\{(\w+)\}/g, (whole, name) => values[name] ?? whole);
}

/** Shows a message of trouble in a component's place for it, or takes it away. */
export function tell(component, text) {
  const place = component.querySelector("[data-pb-message]");
  if (place.textContent === text) return;
  place.hidden = !text;
  place.textContent = text;
}

// Whose days and numbers these are: the Spanish of one country writes 2.5, that of another 2,5.
const locale = () => document.querySelector('meta[property="og:locale"]')?.content.replace("_", "-");

// To make one takes a browser as long as to lay out a screen: each is made once.
const writers = new Map();

function writer(Format, options) {
  const key = JSON.stringify(options);
  if (!writers.has(key)) writers.set(key, new Format(locale(), options));
  return writers.get(key);
}

/** A day (`2026-11-22`) as the page's language writes it; what is no day stays as it is. */
export function dayOf(date) {
  const day = new Date(`${date}T12:00`);
  if (Number.isNaN(day.valueOf())) return date;
  return writer(Intl.DateTimeFormat, { dateStyle: "long" }).format(day);
}

/** A number as the page's language writes it, by the options of `Intl.NumberFormat`. */
export function numberOf(value, options = { maximumFractionDigits: 6 }) {
  return writer(Intl.NumberFormat, options).format(value);
}
