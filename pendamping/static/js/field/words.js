/** "textVisit": under which name a template keeps its words of a kind. */
export const wordOf = (kind) => `text${kind[0].toUpperCase()}${kind.slice(1)}`;
