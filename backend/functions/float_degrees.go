package functions

import "math"

// The functions of degrees divide by what the function gives at a known angle, so that multiples of 30 and 45 come out exact.

// A variable: with a constant the compiler would multiply exactly, and C does not.
var radiansPerDegree = 0.0174532925199432957692

// first30 is the sine of 0 to 30 degrees, first60 the cosine of 0 to 60.
func first30(x float64) float64 {
	return exactSin(x*radiansPerDegree) / exactSin(30*radiansPerDegree) / 2
}

func first60(x float64) float64 {
	return 1 - (1-exactCos(x*radiansPerDegree))/(1-exactCos(60*radiansPerDegree))/2
}

func sinQuadrant(x float64) float64 {
	if x <= 30 {
		return first30(x)
	}
	return first60(90 - x)
}

func cosQuadrant(x float64) float64 {
	if x <= 60 {
		return first60(x)
	}
	return first30(90 - x)
}

// quadrant brings an angle to 0 to 90 degrees; odd is the sign of functions odd in the angle, flip is -1 in the second quadrant.
func quadrant(x float64) (angle, odd, flip float64) {
	x = math.Mod(x, 360)
	odd, flip = 1, 1
	if x < 0 {
		x, odd = -x, -1
	}
	if x > 180 {
		x, odd = 360-x, -odd
	}
	if x > 90 {
		x, flip = 180-x, -1
	}
	return x, odd, flip
}

func sinDegrees(x float64) float64 {
	a, odd, _ := quadrant(x)
	return odd * sinQuadrant(a)
}

func cosDegrees(x float64) float64 {
	a, _, flip := quadrant(x)
	return flip * cosQuadrant(a)
}

func tanDegrees(x float64) float64 {
	a, odd, flip := quadrant(x)
	r := odd * flip * (sinQuadrant(a) / cosQuadrant(a) / (sinQuadrant(45) / cosQuadrant(45)))
	if r == 0 {
		return 0 // never negative zero
	}
	return r
}

func cotDegrees(x float64) float64 {
	a, odd, flip := quadrant(x)
	r := odd * flip * (cosQuadrant(a) / sinQuadrant(a) / (cosQuadrant(45) / sinQuadrant(45)))
	if r == 0 {
		return 0
	}
	return r
}

func asinQuadrant(x float64) float64 {
	if x <= 0.5 {
		return exactAsin(x) / exactAsin(0.5) * 30
	}
	return 90 - exactAcos(x)/exactAcos(0.5)*60
}

func asinDegrees(x float64) float64 {
	if x >= 0 {
		return asinQuadrant(x)
	}
	return -asinQuadrant(-x)
}

func acosDegrees(x float64) float64 {
	switch {
	case x < 0:
		return 90 + asinQuadrant(-x)
	case x <= 0.5:
		return 90 - exactAsin(x)/exactAsin(0.5)*30
	}
	return exactAcos(x) / exactAcos(0.5) * 60
}

func atanDegrees(x float64) float64 { return exactAtan(x) / exactAtan(1) * 45 }

func atan2Degrees(y, x float64) float64 { return math.Atan2(y, x) / math.Atan(1) * 45 }
