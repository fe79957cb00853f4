package dev.shadow.spi.placement;

/**
 * An ability that a {@link HostSelector} may have: to say for a whole fleet what stands in the way of a shadow.
 *
 * <p>Called by the manager when a shadow found no host, on its executor; calls may overlap. Like selecting, it
 * decides from its arguments alone, changes nothing and never blocks.
 */
public interface HostAdvisor {
    /** Says what speaks against each host for the first shadow of the request, and the least that would help. */
    WhyNot whyNot(SelectionRequest request, FleetSnapshot snapshot);
}
