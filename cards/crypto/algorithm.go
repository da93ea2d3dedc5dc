package crypto

import (
	"crypto/md5"
	"crypto/sha1"
	"crypto/sha256"
	"crypto/sha3"
	"crypto/sha512"
	"hash"
)

// newHash makes the hash of an algorithm's stored name.
func newHash(algorithm string) hash.Hash {
	switch algorithm {
	case "md5":
		return md5.New()
	case "sha1":
		return sha1.New()
	case "sha224":
		return sha256.New224()
	case "sha384":
		return sha512.New384()
	case "sha512":
		return sha512.New()
	case "sha3_256":
		return sha3.New256()
	case "sha3_384":
		return sha3.New384()
	case "sha3_512":
		return sha3.New512()
	}
	return sha256.New()
}

// algorithmInput chooses a hash.
type algorithmInput struct {
	Algorithm string `json:"algorithm" default:"sha256" options:"sha256=SHA-256|sha384=SHA-384|sha512=SHA-512|sha224=SHA-224|sha3_256=SHA3-256|sha3_384=SHA3-384|sha3_512=SHA3-512|sha1=SHA-1|md5=MD5" form:"fixed" help:"SHA-1 and MD5 are broken; use them only where a service asks for them."`
}

// hash returns what makes the chosen hash.
func (in algorithmInput) hash() func() hash.Hash {
	return func() hash.Hash { return newHash(in.Algorithm) }
}
