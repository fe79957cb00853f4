package dev.shadow.core.placement.plan;

import static org.assertj.core.api.Assertions.assertThat;

import dev.shadow.tck.property.SeededTest;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;

final class ReserveStateTest {
    @SeededTest(runs = 40)
    void whatIsKeptUpMoveByMoveIsWhatIsFoundAnew(RandomGenerator random) {
        FleetInstance fleet = RandomFleets.any(random);
        ReserveState state = new ReserveState(fleet);
        for (int i = 0; i < 600; i++) {
            int slot = random.nextInt(state.at.length);
            int h = random.nextInt(fleet.hostCount());
            if (state.at[slot] >= 0 && random.nextInt(3) == 0) {
                state.detach(slot);
            } else if (state.admissible(slot, h)) {
                if (state.at[slot] >= 0) {
                    state.move(slot, h);
                } else {
                    state.attach(slot, h);
                }
            }
        }

        ReserveState anew = new ReserveState(fleet);
        anew.become(state.copyOfHosts());
        assertThat(state.cost()).isEqualTo(anew.cost());
        assertThat(reserves(state)).isEqualTo(reserves(anew));
        assertThat(rooms(state)).isEqualTo(rooms(anew));
        for (int l = 0; l < fleet.licences.size(); l++) {
            assertThat(state.licences.unitsUsed(l)).isEqualTo(anew.licences.unitsUsed(l));
        }
        state.clear();
        assertThat(state.cost()).isZero();
        assertThat(reserves(state)).containsOnly(0);
    }

    @SeededTest(runs = 60)
    void anEvaluationSaysWhatTheMoveThenCosts(RandomGenerator random) {
        FleetInstance fleet = RandomFleets.any(random);
        ReserveState state = new ReserveState(fleet);
        for (int i = 0; i < 1500; i++) {
            int slot = random.nextInt(state.at.length);
            int h = random.nextInt(fleet.hostCount());
            if (!state.admissible(slot, h)) {
                continue;
            }
            if (state.at[slot] >= 0) {
                takeOff(state, slot);
            }
            put(state, slot, h);
        }
    }

    private static int[] reserves(ReserveState state) {
        int dims = state.fleet.dimensions;
        return IntStream.range(0, state.fleet.hosts * dims)
                .map(i -> state.loads.worst(i / dims, i % dims))
                .toArray();
    }

    private static int[] rooms(ReserveState state) {
        int dims = state.fleet.dimensions;
        return IntStream.range(0, state.fleet.hosts * dims)
                .map(i -> state.loads.room(i / dims, i % dims))
                .toArray();
    }

    private static void takeOff(ReserveState state, int slot) {
        long saved = state.steersAnother(slot) ? -1 : state.gain(slot);
        long most = state.steersAnother(slot) ? state.mostSaved(slot) : saved;
        long before = state.cost();
        state.detach(slot);
        if (saved >= 0) {
            assertThat(before - state.cost()).isEqualTo(saved);
        }
        assertThat(before - state.cost()).isLessThanOrEqualTo(most);
    }

    private static void put(ReserveState state, int slot, int h) {
        boolean steers = state.steersAnother(slot) && state.at[slot + 1] >= 0;
        long added = state.addCost(slot, h, ReserveState.IMPOSSIBLE - 1);
        long before = state.cost();
        boolean room = state.fits(h);
        state.attach(slot, h);
        boolean fits = state.fits(h) && state.licences.withinPool(state.fleet.vmLicence[state.fleet.slotVm[slot]]);
        if (room && !steers) {
            assertThat(added < ReserveState.IMPOSSIBLE).isEqualTo(fits);
        }
        if (added < ReserveState.IMPOSSIBLE && !steers) {
            assertThat(state.cost() - before).isEqualTo(added);
        }
        if (!fits) {
            state.detach(slot);
        }
    }

    @SeededTest(runs = 60)
    void anExchangeCostsWhatItSays(RandomGenerator random) {
        FleetInstance fleet = RandomFleets.any(random);
        ReserveState state = new ReserveState(fleet);
        new Insertion(state, new HostChoice(fleet), new SplittableRandom(random.nextLong())).insertAll();
        for (int i = 0; i < 400; i++) {
            int a = random.nextInt(state.at.length);
            int b = random.nextInt(state.at.length);
            if (state.at[a] < 0 || state.at[b] < 0 || state.steersAnother(a) || state.steersAnother(b)) {
                continue;
            }
            int ha = state.at[a];
            int hb = state.at[b];
            if (ha == hb
                    || fleet.slotVm[a] == fleet.slotVm[b]
                    || !state.admissible(a, hb)
                    || !state.admissible(b, ha)) {
                continue;
            }
            long atA = state.exchangeCost(a, b, ha);
            long atB = state.exchangeCost(b, a, hb);
            if (atA >= ReserveState.IMPOSSIBLE || atB >= ReserveState.IMPOSSIBLE) {
                continue;
            }
            long before = state.cost();
            state.detach(a);
            state.move(b, ha);
            state.attach(a, hb);
            assertThat(state.cost() - before).isEqualTo(atA + atB);
            assertThat(state.fits(ha) && state.fits(hb)).isTrue();
        }
    }
}
