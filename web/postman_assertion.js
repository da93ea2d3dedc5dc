// With private_key_jwk (the downloaded JWK), sign a client assertion instead of sending a secret.
// Where scripts cannot sign (newman, old versions of Postman), client_assertion takes one made elsewhere.
const prove = assertion => {
  const form = pm.request.body.urlencoded;
  form.remove('client_secret');
  form.upsert({ key: 'client_assertion_type', value: 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer' });
  form.upsert({ key: 'client_assertion', value: assertion });
};

const sign = async text => {
  const jwk = JSON.parse(text), subtle = crypto.subtle;
  const bytes = s => Uint8Array.from(s, c => c.charCodeAt(0));
  const base64url = b => btoa(String.fromCharCode(...new Uint8Array(b))).replace(/\+/g, '-').replace(/\//g, '_').replace(/=+$/, '');
  const part = value => base64url(bytes(JSON.stringify(value)));
  const ec = { 'P-256': ['ES256', 'SHA-256'], 'P-384': ['ES384', 'SHA-384'], 'P-521': ['ES512', 'SHA-512'] }[jwk.crv];
  const algorithm = ec ? { name: 'ECDSA', namedCurve: jwk.crv, hash: ec[1] } : jwk.alg === 'PS256' ? { name: 'RSA-PSS', hash: 'SHA-256', saltLength: 32 } : { name: 'RSASSA-PKCS1-v1_5', hash: 'SHA-256' };
  const now = Math.floor(Date.now() / 1000), id = pm.variables.get('client_id');
  const signed = part({ alg: jwk.alg || (ec ? ec[0] : 'RS256'), kid: jwk.kid, typ: 'JWT' }) + '.' +
    part({ iss: id, sub: id, aud: pm.variables.get('base_url'), jti: pm.variables.replaceIn('{{$guid}}'), iat: now, exp: now + 120 });
  const key = await subtle.importKey('jwk', jwk, algorithm, false, ['sign']);
  return signed + '.' + base64url(await subtle.sign(algorithm, key, bytes(signed)));
};

const made = pm.variables.get('client_assertion'), key = pm.variables.get('private_key_jwk');
if (made) prove(made);
else if (key && (typeof crypto === 'undefined' || !crypto.subtle)) throw new Error('Scripts cannot sign here. Use a client secret, or put an assertion that was made elsewhere into client_assertion.');
else if (key) {
  const waiting = setInterval(() => { }, 100); // the request waits for timers, not for promises
  sign(key).then(prove).finally(() => clearInterval(waiting));
}
