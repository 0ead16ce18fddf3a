/** What a form holds is kept on the tablet soon after each change: one write after the other, and as a draft of its own where
 * another tab has written on. A form extends this and says how: `asDraft()`, `kept(draft)`, `fork()`, `refused()`. */

import { ChangedElsewhere, keep } from "./drafts.js";

const REST_MS = 40;

export class Autosave {
  change = 0; // of the draft, as this form wrote or found it last
  timer = null;
  writing = Promise.resolve();
  isStopped = false; // the form has become a record

  /** Call after each change. */
  note() {
    if (this.isStopped) return;
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.save(), REST_MS);
  }

  /** What the form holds now is on the tablet once this resolves, or the form has said that there is no room. */
  save() {
    this.timer = null;
    this.writing = this.writing.then(() => this.saveNow()).catch(() => this.refused());
    return this.writing;
  }

  async saveNow() {
    if (this.isStopped) return;
    try {
      const draft = await keep(this.store, this.asDraft(), this.change, Date.now());
      this.change = draft.change;
      this.kept(draft);
    } catch (error) {
      if (!(error instanceof ChangedElsewhere)) throw error;
      this.fork();
      this.change = 0;
      await this.saveNow();
    }
  }

  /** No further write begins by itself, and none is under way once this resolves. */
  async rest() {
    clearTimeout(this.timer);
    await this.writing;
  }

  /** Everything typed is on the tablet once this resolves. */
  async settle() {
    if (this.timer !== null) {
      clearTimeout(this.timer);
      this.save();
    }
    await this.writing;
  }
}
