package dev.shadow.peers.placement;

import ai.timefold.solver.core.api.domain.entity.PlanningEntity;
import ai.timefold.solver.core.api.domain.lookup.PlanningId;
import ai.timefold.solver.core.api.domain.valuerange.ValueRangeProvider;
import ai.timefold.solver.core.api.domain.variable.PlanningVariable;
import java.util.List;

/** One shadow of a virtual machine, whose host Timefold chooses among those in admissible zones. */
@PlanningEntity
public class ShadowEntity {
    @PlanningId
    public Integer id;

    public int vm;
    public int rank;

    @ValueRangeProvider(id = "hosts")
    public List<Integer> candidates;

    @PlanningVariable(valueRangeProviderRefs = "hosts")
    public Integer host;

    public ShadowEntity() {}

    ShadowEntity(int id, int vm, int rank, List<Integer> candidates, Integer host) {
        this.id = id;
        this.vm = vm;
        this.rank = rank;
        this.candidates = candidates;
        this.host = host;
    }
}
