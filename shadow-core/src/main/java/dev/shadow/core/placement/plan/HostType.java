package dev.shadow.core.placement.plan;

/**
 * What hosts of one type have, and what a reserved unit of it costs per hour.
 *
 * @param cpu capacity in hundredths of a core, 0 to 2^28
 * @param memory capacity in MiB, 0 to 2^28
 * @param disk capacity in GiB, 0 to 2^28
 * @param cores cores to license, at least 1
 * @param sockets sockets to license, at least 1
 * @param cpuPrice micro-credits per reserved hundredth of a core and hour, 0 to 2^30
 * @param memoryPrice micro-credits per reserved MiB and hour, 0 to 2^30
 * @param diskPrice micro-credits per reserved GiB and hour, 0 to 2^30
 */
public record HostType(
        int cpu, int memory, int disk, int cores, int sockets, int cpuPrice, int memoryPrice, int diskPrice) {
    /** Refuses negative and huge values. */
    public HostType {
        Refusals.quantity("capacity[0]", cpu);
        Refusals.quantity("capacity[1]", memory);
        Refusals.quantity("capacity[2]", disk);
        Refusals.inRange("cores", cores, 1, Refusals.MAX_QUANTITY);
        Refusals.inRange("sockets", sockets, 1, Refusals.MAX_QUANTITY);
        Refusals.price("reservePrice[0]", cpuPrice);
        Refusals.price("reservePrice[1]", memoryPrice);
        Refusals.price("reservePrice[2]", diskPrice);
    }
}
