// Media types (RFC 6838, 4.2): what a system calls a file is not always one.

const NAME = "[A-Za-z0-9][A-Za-z0-9!#$&^_.+-]{0,126}";
const ESSENCE = new RegExp(`^${NAME}/${NAME}$`);

/**
 * Return the type without its parameters, in lower case; "" for what is none, of which the API makes its own.
 *
 * @param {string} said
 */
export function mediaType(said) {
  const [essence] = said.split(";");
  return ESSENCE.test(essence.trim()) ? essence.trim().toLowerCase() : "";
}
