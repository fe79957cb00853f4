package dev.shadow.core.placement.plan;

/**
 * The event that a host's reserve of one resource is held for: no other brings more.
 *
 * @param event what would have to fail
 * @param period when it would bring most; -1 for memory, which is the same in all periods
 * @param load what it would bring, in hundredths of a core or MiB
 */
public record BindingLoad(FailureEvent event, int period, long load) {}
