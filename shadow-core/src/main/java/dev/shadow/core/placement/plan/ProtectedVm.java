package dev.shadow.core.placement.plan;

import java.util.List;

/**
 * A virtual machine, where it runs, and what its shadows need.
 *
 * @param host its primary's host, which a plan never changes
 * @param tier what its shadows survive
 * @param shadows wanted number of shadows, 0 to 8
 * @param cpu peak demand after activation in hundredths of a core, an upper quantile of the forecast
 * @param memory in MiB
 * @param disk in GiB, on every host that has a copy
 * @param profile which forecast profile scales {@code cpu} over the periods
 * @param standbyCpu what a waiting shadow uses, in hundredths of a core
 * @param standbyMemory what a waiting shadow uses, in MiB
 * @param licence product that must be licensed on a shadow's host, -1 for none
 * @param latencyBudgetMicros most latency from a shadow's zone to the peer's, in microseconds
 * @param peerZone zone of what it talks to
 * @param group machines of one group are on different hosts, -1 for none
 * @param dataZones zones that have a copy of its volume; bit z is zone z
 * @param dirty replication traffic in GiB per hour
 * @param previous hosts of its shadows until now, where a shadow need not be seeded
 */
public record ProtectedVm(
        int host,
        Tier tier,
        int shadows,
        int cpu,
        int memory,
        int disk,
        int profile,
        int standbyCpu,
        int standbyMemory,
        int licence,
        int latencyBudgetMicros,
        int peerZone,
        int group,
        int dataZones,
        int dirty,
        List<Integer> previous) {
    static final int MAX_SHADOWS = 8;

    /** What a shadow keeps apart from, in order of number. */
    public enum Tier {
        /** Nothing is asked for; a shadow, if any, is on another host. */
        NONE(0),
        /** Survives the loss of the primary's host. */
        HOST(1),
        /** Survives the loss of the primary's rack. */
        RACK(2),
        /** Survives the loss of the primary's zone. */
        ZONE(3);

        private final int level;

        Tier(int level) {
            this.level = level;
        }

        /** How wide the failures are that it survives: 0 for none to 3 for a zone. */
        public int level() {
            return level;
        }
    }

    /** Refuses negative and huge values; what names a host, a zone, a profile or a product is checked by the instance. */
    public ProtectedVm {
        Refusals.inRange("shadows", shadows, 0, MAX_SHADOWS);
        Refusals.quantity("cpu", cpu);
        Refusals.quantity("mem", memory);
        Refusals.quantity("disk", disk);
        Refusals.quantity("standbyCpu", standbyCpu);
        Refusals.quantity("standbyMem", standbyMemory);
        Refusals.inRange("latencyBudgetUs", latencyBudgetMicros, 0, Integer.MAX_VALUE);
        Refusals.quantity("dirty", dirty);
        Refusals.inRange("group", group, -1, Integer.MAX_VALUE);
        Refusals.inRange("licence", licence, -1, Integer.MAX_VALUE);
        previous = List.copyOf(previous);
    }
}
