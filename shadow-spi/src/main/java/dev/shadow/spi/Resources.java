package dev.shadow.spi;

import dev.shadow.spi.internal.Checks;

/**
 * An amount of the four resources that a virtual machine takes and a host offers.
 *
 * @param cpuMillis thousandths of a core, at least 0
 * @param memoryBytes bytes of memory, at least 0
 * @param diskBytes bytes of disk, at least 0
 * @param networkBitsPerSecond bits per second of network, at least 0
 */
public record Resources(long cpuMillis, long memoryBytes, long diskBytes, long networkBitsPerSecond) {
    /** Nothing of anything. */
    public static final Resources NONE = new Resources(0, 0, 0, 0);

    public Resources {
        Checks.range("cpuMillis", cpuMillis, 0, Long.MAX_VALUE);
        Checks.range("memoryBytes", memoryBytes, 0, Long.MAX_VALUE);
        Checks.range("diskBytes", diskBytes, 0, Long.MAX_VALUE);
        Checks.range("networkBitsPerSecond", networkBitsPerSecond, 0, Long.MAX_VALUE);
    }

    /** Returns the sum, each resource at most {@link Long#MAX_VALUE}. */
    public Resources plus(Resources other) {
        return new Resources(
                saturatedSum(cpuMillis, other.cpuMillis),
                saturatedSum(memoryBytes, other.memoryBytes),
                saturatedSum(diskBytes, other.diskBytes),
                saturatedSum(networkBitsPerSecond, other.networkBitsPerSecond));
    }

    /** Returns what is left after {@code other} is taken, each resource at least 0. */
    public Resources minus(Resources other) {
        return new Resources(
                Math.max(0, cpuMillis - other.cpuMillis),
                Math.max(0, memoryBytes - other.memoryBytes),
                Math.max(0, diskBytes - other.diskBytes),
                Math.max(0, networkBitsPerSecond - other.networkBitsPerSecond));
    }

    /** Says whether none of the four exceeds what {@code available} offers. */
    public boolean fitsIn(Resources available) {
        return cpuMillis <= available.cpuMillis
                && memoryBytes <= available.memoryBytes
                && diskBytes <= available.diskBytes
                && networkBitsPerSecond <= available.networkBitsPerSecond;
    }

    private static long saturatedSum(long a, long b) {
        long sum = a + b;
        return sum < 0 ? Long.MAX_VALUE : sum;
    }
}
