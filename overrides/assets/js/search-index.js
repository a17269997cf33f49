/* The files of the search: which pages have a word, and what is kept of each page. */

/** An index, of which files are asked for as they are needed. */
export class Index {
  #asked = new Map();

  /** `contents` names its files; `read` gives what is in the file at an address below the index, as JSON. */
  constructor({ files, pages }, read) {
    this.files = files;
    this.pages = pages.split(" ");
    this.read = read;
  }

  /** Returns the number of each page that has a word just as it is, and how much the word weighs there. */
  async pagesWith(word) {
    const file = this.files.findLast(([first]) => first <= word);
    const words = file ? await this.#ask(`words/${file[1]}.json`) : {};
    const listed = Object.hasOwn(words, word) ? words[word] : [];
    const found = [];
    let page = 0;
    for (let at = 0; at < listed.length; at += 2) {
      page += listed[at];
      found.push([page, listed[at + 1]]);
    }
    return found;
  }

  /** Returns what is kept of a page by its number. */
  page(id) {
    return this.#ask(`pages/${this.pages[id]}.json`);
  }

  #ask(address) {
    if (!this.#asked.has(address)) this.#asked.set(address, this.read(address));
    return this.#asked.get(address);
  }
}
