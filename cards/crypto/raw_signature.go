package crypto

import (
	"crypto/elliptic"
	"encoding/asn1"
	"errors"
	"math/big"
)

// pairOf are the two numbers of an ECDSA signature.
type pairOf struct{ R, S *big.Int }

// size is how many bytes each number of a raw signature takes.
func size(c elliptic.Curve) int { return (c.Params().BitSize + 7) / 8 }

// rawOf writes a signature in DER as r and s, one behind the other (IEEE P1363).
func rawOf(der []byte, c elliptic.Curve) ([]byte, error) {
	var p pairOf
	if rest, err := asn1.Unmarshal(der, &p); err != nil || len(rest) > 0 {
		return nil, errors.New("a signature that is not DER")
	}
	n := size(c)
	raw := make([]byte, 2*n)
	p.R.FillBytes(raw[:n])
	p.S.FillBytes(raw[n:])
	return raw, nil
}

// derOf writes a raw signature in DER; false when it is not as long as one.
func derOf(raw []byte, c elliptic.Curve) ([]byte, bool) {
	n := size(c)
	if len(raw) != 2*n {
		return nil, false
	}
	der, err := asn1.Marshal(pairOf{new(big.Int).SetBytes(raw[:n]), new(big.Int).SetBytes(raw[n:])})
	return der, err == nil
}
