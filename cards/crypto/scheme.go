package crypto

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/elliptic"
	"crypto/rsa"
	"errors"

	"flowdeck/cards/keys"
)

// schemeInput says how data is signed.
type schemeInput struct {
	Scheme string `json:"scheme" label:"Algorithm" default:"rsa_pkcs1" options:"rsa_pkcs1=RSA, PKCS #1 v1.5|rsa_pss=RSA, PSS|ecdsa=ECDSA: P-256, P-384 or P-521, as the key is|ed25519=Ed25519" form:"fixed" help:"The only one that is used, whatever the key is."`
	Hash   string `json:"hash" default:"sha256" options:"sha256=SHA-256|sha384=SHA-384|sha512=SHA-512" when:"scheme=rsa_pkcs1|rsa_pss|ecdsa" form:"fixed" help:"Of what the data is hashed with before it is signed."`
}

// fits says why a public key is not for the scheme.
func (in schemeInput) fits(key any) error {
	switch k := key.(type) {
	case *rsa.PublicKey:
		switch {
		case in.Scheme != "rsa_pkcs1" && in.Scheme != "rsa_pss":
			return errors.New("is an RSA key, which the algorithm is not for")
		case k.N.BitLen() < keys.SmallestRSA:
			return keys.ErrSmall
		}
	case *ecdsa.PublicKey:
		switch {
		case in.Scheme != "ecdsa":
			return errors.New("is a key of an elliptic curve (ECDSA), which the algorithm is not for")
		case k.Curve != elliptic.P256() && k.Curve != elliptic.P384() && k.Curve != elliptic.P521():
			return errors.New("is a key of the curve " + k.Curve.Params().Name + "; P-256, P-384 and P-521 are possible")
		}
	case ed25519.PublicKey:
		if in.Scheme != "ed25519" {
			return errors.New("is an Ed25519 key, which the algorithm is not for")
		}
	}
	return nil
}

// function is the hash that the data goes through; 0 for Ed25519, which hashes itself.
func (in schemeInput) function() crypto.Hash {
	switch {
	case in.Scheme == "ed25519":
		return 0
	case in.Hash == "sha384":
		return crypto.SHA384
	case in.Hash == "sha512":
		return crypto.SHA512
	}
	return crypto.SHA256
}

// digest is what is signed in the data's place.
func (in schemeInput) digest(data []byte) []byte {
	f := in.function()
	if f == 0 {
		return data
	}
	h := f.New()
	h.Write(data)
	return h.Sum(nil)
}

// options are what a key signs with.
func (in schemeInput) options() crypto.SignerOpts {
	if in.Scheme == "rsa_pss" {
		return &rsa.PSSOptions{SaltLength: rsa.PSSSaltLengthEqualsHash, Hash: in.function()}
	}
	return in.function()
}

// verify reports whether the signature is right. The scheme and the key fit each other.
func (in schemeInput) verify(key any, data, signature []byte) bool {
	switch k := key.(type) {
	case *rsa.PublicKey:
		if in.Scheme == "rsa_pss" {
			return rsa.VerifyPSS(k, in.function(), in.digest(data), signature, &rsa.PSSOptions{SaltLength: rsa.PSSSaltLengthAuto}) == nil
		}
		return rsa.VerifyPKCS1v15(k, in.function(), in.digest(data), signature) == nil
	case *ecdsa.PublicKey:
		if der, ok := derOf(signature, k.Curve); ok && ecdsa.VerifyASN1(k, in.digest(data), der) {
			return true
		}
		return ecdsa.VerifyASN1(k, in.digest(data), signature)
	case ed25519.PublicKey:
		return ed25519.Verify(k, data, signature)
	}
	return false
}
