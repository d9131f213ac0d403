// An error as AWS answers it: a code that SDKs turn into an exception's name, and a message. Operations throw it, the
// gateway writes it in the protocol of the request.

export class AwsError extends Error {
  readonly code: string;
  readonly status: number;

  constructor(code: string, message: string, status = 400) {
    super(message);
    this.code = code;
    this.status = status;
  }
}
