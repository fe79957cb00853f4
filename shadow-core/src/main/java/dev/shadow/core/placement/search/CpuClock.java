package dev.shadow.core.placement.search;

import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;

/**
 * Counts the processor time that a search has used, so that a loaded machine does not change how much is searched.
 */
@FunctionalInterface
public interface CpuClock {
    /** Returns the processor time used so far in nanoseconds; never falls. Costs about a microsecond, so ask it every few hundred steps. */
    long cpuNanos();

    /**
     * Returns the clock of whichever thread asks it.
     *
     * @throws UnsupportedOperationException if this JVM cannot measure it
     */
    static CpuClock ofThread() {
        ThreadMXBean threads = ManagementFactory.getThreadMXBean();
        return threads::getCurrentThreadCpuTime;
    }

    /**
     * Returns the clock of this process: all its threads, those that compile and collect garbage too, since the JVM
     * started. Where the JVM cannot measure it, the clock of the thread that asks.
     */
    static CpuClock ofProcess() {
        if (ManagementFactory.getOperatingSystemMXBean() instanceof com.sun.management.OperatingSystemMXBean system
                && system.getProcessCpuTime() >= 0) {
            return system::getProcessCpuTime;
        }
        return ofThread();
    }
}
