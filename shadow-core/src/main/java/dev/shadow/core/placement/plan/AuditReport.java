package dev.shadow.core.placement.plan;

import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/**
 * What an audit of a plan found.
 *
 * @param violations how many constraints of each kind are violated; empty if the plan survives every event
 * @param reasons the first violations in words
 * @param reserveCost micro-credits per hour for standby, failover reserve and disk
 * @param licenceCost micro-credits per hour for newly licensed hosts
 * @param linkCost micro-credits per hour for replication, seeding and moving
 * @param shadows number of shadows
 * @param kept shadows that are on one of their previous hosts
 * @param reservedCpu standby and failover reserve of all hosts, in hundredths of a core
 * @param reservedMemory the same of memory, in MiB
 * @param oneToOneCpu what a reservation of each shadow's peak would take
 * @param oneToOneMemory the same of memory
 */
public record AuditReport(
        Map<Constraint, Integer> violations,
        List<String> reasons,
        long reserveCost,
        long licenceCost,
        long linkCost,
        int shadows,
        int kept,
        long reservedCpu,
        long reservedMemory,
        long oneToOneCpu,
        long oneToOneMemory) {
    /** What a plan must not violate. */
    public enum Constraint {
        /** Every machine has the wanted number of shadows. */
        COUNT,
        /** A shadow is outside its primary's failure domain. */
        DOMAIN,
        /** Two shadows of a machine are in different racks. */
        SPREAD,
        /** A shadow's zone is near enough to the peer's. */
        LATENCY,
        /** The product may be used in the shadow's zone. */
        LICENCE_ZONE,
        /** New licence units are in the pool. */
        LICENCE_POOL,
        /** Machines of a group are on different hosts. */
        GROUP,
        /** Cpu suffices in every period of every event. */
        CPU,
        /** Memory suffices in every event. */
        MEMORY,
        /** Disk suffices. */
        DISK
    }

    /** Copies its collections. */
    public AuditReport {
        Map<Constraint, Integer> copy = new EnumMap<>(Constraint.class);
        copy.putAll(violations);
        violations = Map.copyOf(copy);
        reasons = List.copyOf(reasons);
    }

    /** Whether every event is survived and every other constraint held. */
    public boolean feasible() {
        return violations.isEmpty();
    }

    /** Cost of the plan in micro-credits per hour. */
    public long objective() {
        return reserveCost + licenceCost + linkCost;
    }

    /** Shadows that are not on a previous host. */
    public int moved() {
        return shadows - kept;
    }
}
