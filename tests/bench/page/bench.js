// Common to all contenders' pages: the bytes, and requests to the API without the product's own code.

globalThis.bench = {
  MIB: 1024 * 1024,

  /** A File of random bytes, which the browser holds outside the page. */
  async makeFile(size) {
    const pieces = [];
    for (let made = 0; made < size; made += 16 * this.MIB) {
      const bytes = new Uint8Array(Math.min(16 * this.MIB, size - made));
      // No more at once are to be had.
      for (let start = 0; start < bytes.length; start += 65536) {
        crypto.getRandomValues(bytes.subarray(start, start + 65536));
      }
      const piece = new Blob([bytes]);
      // To read of it is to wait until the browser has taken the bytes over.
      await piece.slice(0, 1).arrayBuffer();
      pieces.push(piece);
    }
    this.file = new File(pieces, "film.mov", { type: "video/quicktime" });
  },

  async ask(method, path, body) {
    const { csrfToken } = document.querySelector("file-drop").dataset;
    const answer = await fetch(path, {
      method,
      headers: { "Content-Type": "application/json", "X-CSRFToken": csrfToken },
      body: body && JSON.stringify(body),
    });
    if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status} ${await answer.text()}`);
    return answer.headers.get("Content-Type")?.includes("json") ? answer.json() : null;
  },

  /** One request to the bucket, and nothing more. */
  send(method, url, body, headers = {}) {
    return new Promise((resolve, reject) => {
      const request = new XMLHttpRequest();
      request.open(method, url);
      for (const [name, value] of Object.entries(headers)) request.setRequestHeader(name, value);
      request.addEventListener("loadend", () => {
        if (request.status >= 200 && request.status < 300) resolve();
        else reject(new Error(`${method}: ${request.status} ${request.responseText}`));
      });
      request.send(body);
    });
  },

  /** Seconds that `lanes` of them at a time take for `work(index)` on each of `count`. */
  async clock(count, lanes, work) {
    let next = 0;
    const lane = async () => {
      while (next < count) await work(next++);
    };
    const start = performance.now();
    await Promise.all(Array.from({ length: lanes }, lane));
    return (performance.now() - start) / 1000;
  },
};
