package dev.shadow.core.placement.search;

import java.util.SplittableRandom;

/**
 * Independent streams of chance from one seed, told apart by number: what one worker draws never depends on how much
 * another has drawn, nor on the number of threads. Immutable.
 *
 * <p>The seed of a stream is the finaliser of SplitMix64 (Steele, Lea and Flood, "Fast splittable pseudorandom number
 * generators", OOPSLA 2014) over the seed and the number.
 */
public final class SeedStreams {
    private static final long GOLDEN = 0x9E3779B97F4A7C15L;

    private final long seed;

    private SeedStreams(long seed) {
        this.seed = seed;
    }

    /** Returns the streams of a seed. */
    public static SeedStreams of(long seed) {
        return new SeedStreams(seed);
    }

    /** Returns stream {@code number} from its beginning, every time. */
    public SplittableRandom stream(long number) {
        return new SplittableRandom(mixed(mixed(seed) + GOLDEN * (number + 1)));
    }

    private static long mixed(long value) {
        long z = value + GOLDEN;
        z = (z ^ (z >>> 30)) * 0xBF58476D1CE4E5B9L;
        z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
        return z ^ (z >>> 31);
    }
}
