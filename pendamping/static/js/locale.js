/** The reader's language as Intl takes it: English here is British, as in the catalogue. */

const { lang } = document.documentElement;

export const locale = lang === "en" ? "en-GB" : lang;
