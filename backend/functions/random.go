package functions

import (
	crand "crypto/rand"
	"encoding/binary"
	"math"
	"math/rand/v2"
	"sync"

	"pgd/backend/pgerr"
	"pgd/backend/types"
)

// The generator of random() belongs to the process, which is one session. After setseed the series repeats, though it is not PostgreSQL's series.
var (
	randomMutex sync.Mutex
	randomState *rand.PCG
)

func randomSource() *rand.PCG {
	if randomState == nil {
		var seed [16]byte
		_, _ = crand.Read(seed[:]) // never fails
		randomState = rand.NewPCG(binary.LittleEndian.Uint64(seed[:]), binary.LittleEndian.Uint64(seed[8:]))
	}
	return randomState
}

func randomRows() []Row {
	return []Row{
		{Sig: "random()", Scalar: func(*Call, []types.Value) (types.Value, error) {
			randomMutex.Lock()
			defer randomMutex.Unlock()
			return types.FloatValue(float64(randomSource().Uint64()>>11) / (1 << 53)), nil
		}},
		{Sig: "setseed(double precision)", Scalar: func(_ *Call, a []types.Value) (types.Value, error) {
			x := a[0].Float8()
			if !(x >= -1 && x <= 1) {
				return null, pgerr.New(pgerr.InvalidParameterValue, "setseed parameter %s is out of allowed range [-1,1]", types.AppendFloat(nil, x, 64, 0))
			}
			randomMutex.Lock()
			defer randomMutex.Unlock()
			randomState = rand.NewPCG(math.Float64bits(x), 1)
			return types.StringValue(""), nil
		}},
		{Sig: "gen_random_uuid()", Scalar: func(*Call, []types.Value) (types.Value, error) {
			b := make([]byte, 16)
			_, _ = crand.Read(b)
			b[6], b[8] = b[6]&0x0f|0x40, b[8]&0x3f|0x80
			return types.BlobValue(b), nil
		}},
	}
}
