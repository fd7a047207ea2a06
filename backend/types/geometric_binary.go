package types

import (
	"encoding/binary"

	"pgd/backend/pgerr"
)

// wireFloats wants exactly n numbers.
func wireFloats(b []byte, n int) ([]float64, error) {
	if err := checkLen(b, 8*n); err != nil {
		return nil, err
	}
	fs := make([]float64, n)
	for i := range fs {
		fs[i] = readFloat(b[8*i:])
	}
	return fs, nil
}

func pointRecv(_ *Context, b []byte, _ int32) (Value, error) {
	f, err := wireFloats(b, 2)
	if err != nil {
		return Value{}, err
	}
	return Point{f[0], f[1]}.Value(), nil
}

func lsegRecv(_ *Context, b []byte, _ int32) (Value, error) {
	f, err := wireFloats(b, 4)
	if err != nil {
		return Value{}, err
	}
	return Lseg{{f[0], f[1]}, {f[2], f[3]}}.Value(), nil
}

func boxRecv(_ *Context, b []byte, _ int32) (Value, error) {
	f, err := wireFloats(b, 4)
	if err != nil {
		return Value{}, err
	}
	return MakeBox(Point{f[0], f[1]}, Point{f[2], f[3]}).Value(), nil
}

func lineRecv(_ *Context, b []byte, _ int32) (Value, error) {
	f, err := wireFloats(b, 3)
	if err != nil {
		return Value{}, err
	}
	if nearZero(f[0]) && nearZero(f[1]) {
		return Value{}, pgerr.New(pgerr.InvalidBinaryRepresentation, "invalid line specification: A and B cannot both be zero")
	}
	return Line{f[0], f[1], f[2]}.Value(), nil
}

func circleRecv(_ *Context, b []byte, _ int32) (Value, error) {
	f, err := wireFloats(b, 3)
	if err != nil {
		return Value{}, err
	}
	if f[2] < 0 {
		return Value{}, pgerr.New(pgerr.InvalidBinaryRepresentation, "invalid radius in external \"circle\" value")
	}
	return Circle{Point{f[0], f[1]}, f[2]}.Value(), nil
}

// wirePoints reads the number of points and the points.
func wirePoints(b []byte, typ string) ([]Point, error) {
	if len(b) < 4 {
		return nil, errShortBinary
	}
	n := int32(binary.BigEndian.Uint32(b))
	const most = 1<<30/16 - 4 // what PostgreSQL can hold
	if n <= 0 || n >= most {
		return nil, pgerr.New(pgerr.InvalidBinaryRepresentation, "invalid number of points in external \"%s\" value", typ)
	}
	if err := checkLen(b[4:], 16*int(n)); err != nil {
		return nil, err
	}
	ps := make([]Point, n)
	for i := range ps {
		ps[i] = readPoint(b[4+16*i:])
	}
	return ps, nil
}

func pathRecv(_ *Context, b []byte, _ int32) (Value, error) {
	if len(b) < 1 {
		return Value{}, pgerr.New(pgerr.ProtocolViolation, "no data left in message")
	}
	ps, err := wirePoints(b[1:], "path")
	if err != nil {
		return Value{}, err
	}
	return Path{b[0] != 0, ps}.Value(), nil
}

func polygonRecv(_ *Context, b []byte, _ int32) (Value, error) {
	ps, err := wirePoints(b, "polygon")
	if err != nil {
		return Value{}, err
	}
	return Polygon{ps}.Value(), nil
}
