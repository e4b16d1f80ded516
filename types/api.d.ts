// Generated from the API's OpenAPI schema by `make api-types`. Do not edit.

declare namespace schema {
  type Card = "nothing" | "sender" | "title";

  interface CompletedOut {
    id: string;
    upload: UploadOut;
  }

  interface CompletionsIn {
    ids: Array<string>;
  }

  interface CompletionsOut {
    results: Array<CompletedOut | IncompleteOut>;
  }

  interface DirectURLIn {
    expires_in?: number;
  }

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

  interface FormOut {
    url: string;
    fields: Record<string, string>;
  }

  interface IncompleteOut {
    id: string;
    problem: Problem;
  }

  interface LinkChangesIn {
    expiry?: "hour" | "day" | "week" | "month" | "none" | null;
    expires_at?: string | null;
    title?: string;
    message?: string;
    download_limit?: number | null;
    password?: string;
  }

  interface LinkFilesIn {
    files: Array<string>;
  }

  interface LinkIn {
    files: Array<string>;
    expiry?: "hour" | "day" | "week" | "month" | "none" | null;
    expires_at?: string | null;
    title?: string;
    message?: string;
    download_limit?: number | null;
    password?: string;
    name?: string;
    previews_allowed?: boolean | null;
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
    sha256?: string;
  }

  interface PartOut {
    number: number;
    size: number;
    url: string;
    headers: Record<string, string>;
  }

  interface PartsIn {
    parts: Array<PartIn>;
  }

  interface PartsOut {
    parts: Array<PartOut>;
  }

  interface Problem {
    type: string;
    title: string;
    status: number;
    detail: string;
    missing: Array<number>;
    errors: Array<Record<string, string>>;
  }

  interface RecipientsIn {
    to: string;
    message?: string;
  }

  interface RecipientsOut {
    mailed: number;
    had_it: number;
    is_delivered: boolean;
  }

  interface RefusedOut {
    problem: Problem;
  }

  interface SendingIn {
    browser: string;
    ids: Array<string>;
  }

  interface StartedOut {
    upload: UploadOut;
  }

  interface StartsOut {
    results: Array<StartedOut | RefusedOut>;
  }

  interface ThumbnailIn {
    size: number;
    sha256: string;
  }

  interface UploadIn {
    id?: string | null;
    name: string;
    size: number;
    type?: string;
    path?: string;
    checksum?: "sha256" | "none";
    sha256?: string;
    last_modified?: number | null;
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
    stored_parts: Array<number>;
    digests: Array<string>;
    is_sent_elsewhere: boolean;
  }

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
    "PATCH /links/{link_id}/": {
      params: { link_id: string };
      query: Record<never, never>;
      body: LinkChangesIn;
      answer: LinkOut;
    };
    "POST /links/{link_id}/recipients/": {
      params: { link_id: string };
      query: Record<never, never>;
      body: RecipientsIn;
      answer: RecipientsOut;
    };
  }
}
