// Generated from the API's OpenAPI schema by `make api-types`. Do not edit.

declare namespace schema {
  /** What a chat tells of a link that is posted there, whose server fetches the page as a stranger (ogp.me). */
  type Card = "nothing" | "sender" | "title";

  interface CompletedOut {
    id: string;
    upload: UploadOut;
  }

  /** Uploads that have been sent, each for itself. */
  interface CompletionsIn {
    ids: Array<string>;
  }

  /** In the order in which they were asked for. */
  interface CompletionsOut {
    results: Array<CompletedOut | IncompleteOut>;
  }

  /** As `aws s3 presign` takes it. */
  interface DirectURLIn {
    /** In seconds, a week at most. */
    expires_in?: number;
  }

  /** Shown this once: it is kept nowhere. */
  interface DirectURLOut {
    url: string;
    expires_at: string;
  }

  interface FileOut {
    id: string;
    name: string;
    path: string;
    size: number;
    type: string;
    state: "arriving" | "ready" | "deleted";
    check: string;
    sha256: string;
    url: string;
    created_at: string;
    modified_at: string | null;
  }

  /** A multipart/form-data POST: `fields` first, then the file as `file`. */
  interface FormOut {
    url: string;
    fields: Record<string, string>;
  }

  interface IncompleteOut {
    id: string;
    problem: Problem;
  }

  /** More files of yours for a link, which may still be on their way. */
  interface LinkFilesIn {
    files: Array<string>;
  }

  /** A link to files of yours, which may still be on their way. `expires_at` wins over `expiry`. */
  interface LinkIn {
    files: Array<string>;
    expiry?: "hour" | "day" | "week" | "month" | "none";
    expires_at?: string | null;
    title?: string;
    message?: string;
    /** How often it gives each of its files; null for any number. */
    download_limit?: number | null;
    /** At least four characters; empty for none. */
    password?: string;
    /** The readable part of its address. */
    name?: string;
    /** Whether files can be looked at before, which a limit rules out. */
    previews_allowed?: boolean;
    /** What a chat tells of it: nothing ever of a link with a password. */
    card_shows?: Card;
  }

  interface LinkOut {
    id: string;
    url: string;
    page_url: string;
    state: string;
    title: string;
    name: string;
    expires_at: string | null;
    download_limit: number | null;
    has_password: boolean;
    previews_allowed: boolean;
    card_shows: Card;
    downloads: number;
    views: number;
  }

  interface PartIn {
    number: number;
    /** SHA-256 of the bytes, in base64. */
    sha256?: string;
  }

  /** One PUT: with exactly these headers, and `size` bytes. */
  interface PartOut {
    number: number;
    size: number;
    url: string;
    headers: Record<string, string>;
  }

  /** The parts to sign now: ask just before sending them. */
  interface PartsIn {
    parts: Array<PartIn>;
  }

  interface PartsOut {
    parts: Array<PartOut>;
  }

  /** RFC 9457. `errors` names the fields that are wrong, `missing` the parts that the bucket does not have. */
  interface Problem {
    type: string;
    title: string;
    status: number;
    detail: string;
    missing: Array<number>;
    errors: Array<Record<string, string>>;
  }

  interface RefusedOut {
    problem: Problem;
  }

  /** What a browser is sending at this moment. */
  interface SendingIn {
    /** What a browser calls itself; any name of its own. */
    browser: string;
    ids: Array<string>;
  }

  /** What became of one: the upload, or why there is none. */
  interface StartedOut {
    upload: UploadOut;
  }

  /** In the order in which they were asked for. */
  interface StartsOut {
    results: Array<StartedOut | RefusedOut>;
  }

  /** A JPEG that the browser made of a picture, small enough for a list. */
  interface ThumbnailIn {
    /** In bytes, 32 KiB at most. */
    size: number;
    /** SHA-256 of the bytes, in base64. */
    sha256: string;
  }

  /** A file that is about to be sent. Announced again under the same `id`, it is the same upload. */
  interface UploadIn {
    /** Chosen by the client, so that a start can be repeated. */
    id?: string | null;
    /** The file's own name. */
    name: string;
    /** In bytes. */
    size: number;
    /** Media type; empty when not known. */
    type?: string;
    /** The folder it lies in, relative. */
    path?: string;
    /** Whether each request is pinned to its SHA-256. */
    checksum?: "sha256" | "none";
    /** SHA-256 of the bytes, in base64. */
    sha256?: string;
    /** Milliseconds since 1970, as a browser's File has it. One that cannot be is dropped. */
    last_modified?: number | null;
    /**
     * Begin nothing where you have sent the same before, with the same date, and it is there: the answer is the
     * upload that brought it. One that came in parts is found by name, folder, size and date alone: before you
     * take it for the same, show it and compare its `digests`. Without SHA-256 nothing is found.
     */
    unless_there?: boolean;
  }

  interface UploadOut {
    id: string;
    state: string;
    method: "form" | "parts";
    size: number;
    part_size: number;
    part_count: number;
    checksum: "sha256" | "none";
    expires_at: string;
    file: FileOut;
    form: FormOut | null;
    /** Numbers of the parts that the bucket has. */
    stored_parts: Array<number>;
    /**
     * Of an upload asked for by itself: the SHA-256 of each of its parts, in their order, or of the whole where
     * one form takes it, in base64. A file that has all of them is the one that was sent.
     */
    digests: Array<string>;
    /** In the list alone: whether another browser is sending it now. */
    is_sent_elsewhere: boolean;
  }

  /** Files that are about to be sent, each for itself. */
  interface UploadsIn {
    uploads: Array<UploadIn>;
  }

  interface UploadsOut {
    items: Array<UploadOut>;
  }

  interface Operations {
    "POST /uploads/": {
      params: Record<never, never>;
      query: Record<never, never>;
      body: UploadIn;
      answer: UploadOut;
    };
    "GET /uploads/": {
      params: Record<never, never>;
      query: { limit?: number; browser?: string };
      body: undefined;
      answer: UploadsOut;
    };
    "POST /uploads/batch/": {
      params: Record<never, never>;
      query: Record<never, never>;
      body: UploadsIn;
      answer: StartsOut;
    };
    "POST /uploads/batch/completion/": {
      params: Record<never, never>;
      query: Record<never, never>;
      body: CompletionsIn;
      answer: CompletionsOut;
    };
    "POST /uploads/sending/": {
      params: Record<never, never>;
      query: Record<never, never>;
      body: SendingIn;
      answer: null;
    };
    "GET /uploads/{upload_id}/": {
      params: { upload_id: string };
      query: Record<never, never>;
      body: undefined;
      answer: UploadOut;
    };
    "DELETE /uploads/{upload_id}/": {
      params: { upload_id: string };
      query: Record<never, never>;
      body: undefined;
      answer: null;
    };
    "POST /uploads/{upload_id}/parts/": {
      params: { upload_id: string };
      query: Record<never, never>;
      body: PartsIn;
      answer: PartsOut;
    };
    "POST /uploads/{upload_id}/completion/": {
      params: { upload_id: string };
      query: Record<never, never>;
      body: undefined;
      answer: UploadOut;
    };
    "POST /files/{file_id}/direct-urls/": {
      params: { file_id: string };
      query: Record<never, never>;
      body: DirectURLIn;
      answer: DirectURLOut;
    };
    "DELETE /files/{file_id}/direct-urls/": {
      params: { file_id: string };
      query: Record<never, never>;
      body: undefined;
      answer: null;
    };
    "POST /files/{file_id}/thumbnail/": {
      params: { file_id: string };
      query: Record<never, never>;
      body: ThumbnailIn;
      answer: FormOut;
    };
    "POST /files/{file_id}/thumbnail/completion/": {
      params: { file_id: string };
      query: Record<never, never>;
      body: undefined;
      answer: null;
    };
    "POST /links/": {
      params: Record<never, never>;
      query: Record<never, never>;
      body: LinkIn;
      answer: LinkOut;
    };
    "POST /links/{link_id}/files/": {
      params: { link_id: string };
      query: Record<never, never>;
      body: LinkFilesIn;
      answer: LinkOut;
    };
  }
}
