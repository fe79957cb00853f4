package dev.shadow.peers.placement;

import ai.timefold.solver.core.api.solver.Solver;
import com.sun.management.OperatingSystemMXBean;
import java.lang.management.ManagementFactory;
import java.util.Locale;

/** Ends a solver when the process has used so much processor time, its start and its compilers included. */
final class ProcessorTime {
    private static final OperatingSystemMXBean SYSTEM =
            (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
    private static final double FOR_THE_END = 0.2;

    private ProcessorTime() {}

    static <P> P solve(Solver<P> solver, P plan, double seconds) {
        Thread watch = new Thread(() -> {
            while (SYSTEM.getProcessCpuTime() / 1e9 < seconds - FOR_THE_END) {
                try {
                    Thread.sleep(20);
                } catch (InterruptedException e) {
                    return;
                }
            }
            solver.terminateEarly();
        });
        watch.setDaemon(true);
        watch.start();
        return solver.solve(plan);
    }

    static String line(long soft, long hard) {
        return String.format(
                Locale.ROOT,
                "{\"objective\":%d,\"hard\":%d,\"cpuSeconds\":%.2f}",
                -soft,
                hard,
                SYSTEM.getProcessCpuTime() / 1e9);
    }
}
