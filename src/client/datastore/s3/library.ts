/**
 * AWS's own library for keys, loaded as one: in a bundle, what is no ES module gives its names only to a module that imports it outright, not to one that
 * loads it later.
 */
export { fromHttp } from "@aws-sdk/credential-provider-http";
export { fromIni } from "@aws-sdk/credential-provider-ini";
export { fromSSO } from "@aws-sdk/credential-provider-sso";
export { fromTokenFile } from "@aws-sdk/credential-provider-web-identity";
export { fromInstanceMetadata } from "@smithy/credential-provider-imds";
