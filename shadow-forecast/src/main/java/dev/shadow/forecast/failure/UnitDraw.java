package dev.shadow.forecast.failure;

/** Draws that follow from the name of a unit alone, so that they are the same for all its rows, in any order. */
final class UnitDraw {
    private UnitDraw() {}

    /** Returns a number from 0 to {@code below - 1}. */
    static int of(long seed, int stream, String unit, int below) {
        long mixed = mix(mix(seed + (stream + 1) * 0x9E3779B97F4A7C15L) ^ unit.hashCode());
        return (int) Long.remainderUnsigned(mixed, below);
    }

    /** The finishing steps of SplitMix64 (Steele, Lea and Flood, OOPSLA 2014). */
    private static long mix(long z) {
        long a = (z ^ (z >>> 30)) * 0xBF58476D1CE4E5B9L;
        long b = (a ^ (a >>> 27)) * 0x94D049BB133111EBL;
        return b ^ (b >>> 31);
    }
}
