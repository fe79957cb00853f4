package dev.shadow.core.placement.plan;

/**
 * Multipliers that prove a lower bound on the cost of any plan of a fleet ({@code shadow-bound/1}): prices for the failover
 * load that each zone event brings to each group of like hosts.
 *
 * <p>In every group, zone event and dimension the reserve of the group is at least the load of the zone's machines whose first
 * shadow is in the group; that load and the standbys fit the room that primaries leave; and on hosts that are not licensed for
 * a product its load fits those that are opened. Multiplied by numbers that are not negative and cost no more than a unit of
 * reserve or an opened host, these true inequalities add up to a cost per machine and group, which each machine alone can be
 * given at its least. This is Lagrangian duality (Geoffrion, "Lagrangean relaxation for integer programming", Mathematical
 * Programming Study 2, 1974). {@link BoundAudit} says whether a certificate holds and what it proves. Immutable.
 */
public final class BoundCertificate {
    /** Per group: zone by zone, dimension by dimension, the price of failover load. */
    final double[] reserve;

    /** In the same layout, the price of a group's room. */
    final double[] room;

    /** Per group and product: as above, the price of load on opened hosts, then that of disk on them. */
    final double[] opening;

    BoundCertificate(double[] reserve, double[] room, double[] opening) {
        this.reserve = reserve.clone();
        this.room = room.clone();
        this.opening = opening.clone();
    }
}
