package dev.shadow.core.placement.plan;

/**
 * A plan and how it was found.
 *
 * @param plan the best plan found; lacks the shadows for which there was no room
 * @param audit what an audit says of it
 * @param evaluations moves evaluated by all workers
 * @param incremental whether the search kept to the previous plan
 */
public record PlanResult(FleetPlan plan, AuditReport audit, long evaluations, boolean incremental) {}
