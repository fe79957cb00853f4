package dev.shadow.spi.placement;

/**
 * Chooses hosts for shadow replicas.
 *
 * <p>Called by the manager's reconcile pass, on its executor; calls may overlap. It decides from its
 * arguments alone, changes nothing, never blocks, and gives equal answers for equal arguments, so it
 * takes no time-out and a crash half-way leaves nothing behind. What it chose may have vanished by the
 * time the manager acts: the manager then excludes the host and asks again.
 */
public interface HostSelector {
    /**
     * Chooses a host for every wanted shadow, as far as there are any, and says for every host and shadow
     * what speaks against it or how it scored. No two choices are the same host, none is the primary's
     * host, an occupied or an excluded one.
     *
     * @throws dev.shadow.spi.InvalidValueException if the snapshot lacks the primary's host
     */
    Selection select(SelectionRequest request, FleetSnapshot snapshot);
}
