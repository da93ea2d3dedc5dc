// With private_key_jwk (the downloaded JWK), sign a client assertion instead of sending a secret.
const text = pm.variables.get('private_key_jwk');
if (text) {
  const jwk = JSON.parse(text);
  const base64url = bytes => btoa(String.fromCharCode(...new Uint8Array(bytes))).replace(/\+/g, '-').replace(/\//g, '_').replace(/=+$/, '');
  const part = value => base64url(new TextEncoder().encode(JSON.stringify(value)));
  const ec = { 'P-256': ['ES256', 'SHA-256'], 'P-384': ['ES384', 'SHA-384'], 'P-521': ['ES512', 'SHA-512'] }[jwk.crv];
  const algorithm = ec ? { name: 'ECDSA', namedCurve: jwk.crv, hash: ec[1] } : jwk.alg === 'PS256' ? { name: 'RSA-PSS', hash: 'SHA-256', saltLength: 32 } : { name: 'RSASSA-PKCS1-v1_5', hash: 'SHA-256' };
  const alg = jwk.alg || (ec ? ec[0] : 'RS256');
  const now = Math.floor(Date.now() / 1000);
  const id = pm.variables.get('client_id');
  const head = part({ alg, kid: jwk.kid, typ: 'JWT' });
  const body = part({ iss: id, sub: id, aud: pm.variables.get('base_url'), jti: pm.variables.replaceIn('{{$guid}}'), iat: now, exp: now + 120 });
  const key = await crypto.subtle.importKey('jwk', jwk, algorithm, false, ['sign']);
  const signature = await crypto.subtle.sign(algorithm, key, new TextEncoder().encode(head + '.' + body));
  const form = pm.request.body.urlencoded;
  form.remove('client_secret');
  form.upsert({ key: 'client_assertion_type', value: 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer' });
  form.upsert({ key: 'client_assertion', value: head + '.' + body + '.' + base64url(signature) });
}
