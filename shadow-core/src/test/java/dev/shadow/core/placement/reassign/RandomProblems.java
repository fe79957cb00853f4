package dev.shadow.core.placement.reassign;

import java.io.IOException;
import java.io.StringReader;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;

/** Draws problems in the challenge's text format, each with a first assignment that keeps all constraints. */
final class RandomProblems {
    private RandomProblems() {}

    /** A problem that uses every feature: transient resources, spread, dependencies, balances, move costs. */
    static ReassignmentProblem any(RandomGenerator random, int machines, int processes) {
        int resources = 1 + random.nextInt(4);
        int services = 1 + random.nextInt(processes);
        int[] location = draw(random, machines, 1 + random.nextInt(4));
        int[] neighbourhood = draw(random, machines, 1 + random.nextInt(3));
        List<boolean[]> used = new ArrayList<>();
        for (int s = 0; s < services; s++) {
            used.add(new boolean[machines]);
        }
        int[] service = new int[processes];
        int[] origin = new int[processes];
        for (int p = 0; p < processes; p++) {
            do {
                service[p] = random.nextInt(services);
                origin[p] = random.nextInt(machines);
            } while (used.get(service[p])[origin[p]] && p < machines);
            if (used.get(service[p])[origin[p]]) {
                // Found room for none: a service of its own.
                used.add(new boolean[machines]);
                service[p] = services++;
            }
            used.get(service[p])[origin[p]] = true;
        }
        int[][] requirement = new int[processes][];
        int[][] usage = new int[machines][resources];
        for (int p = 0; p < processes; p++) {
            requirement[p] = draw(random, resources, 40);
            for (int r = 0; r < resources; r++) {
                usage[origin[p]][r] += requirement[p][r];
            }
        }
        StringBuilder text = new StringBuilder().append(resources).append('\n');
        for (int r = 0; r < resources; r++) {
            add(text, random.nextInt(2), 1 + random.nextInt(20)).append('\n');
        }
        add(text, machines).append('\n');
        for (int m = 0; m < machines; m++) {
            add(text, neighbourhood[m], location[m]);
            for (int r = 0; r < resources; r++) {
                add(text, usage[m][r] + random.nextInt(60));
            }
            for (int r = 0; r < resources; r++) {
                add(text, random.nextInt(Math.max(1, usage[m][r] + 10)));
            }
            add(text, draw(random, machines, 3)).append('\n');
        }
        add(text, services).append('\n');
        for (int s = 0; s < services; s++) {
            addService(text, s, used, location, neighbourhood, random);
        }
        add(text, processes).append('\n');
        for (int p = 0; p < processes; p++) {
            add(text, service[p]);
            add(text, requirement[p]);
            add(text, random.nextInt(5)).append('\n');
        }
        add(text, 1, 0, resources - 1, 1 + random.nextInt(3), random.nextInt(10))
                .append('\n');
        add(text, random.nextInt(3), random.nextInt(20), random.nextInt(30)).append('\n');
        return parse(text.toString(), add(new StringBuilder(), origin).toString());
    }

    static ReassignmentProblem parse(String model, String assignment) {
        try {
            return ReassignmentFormat.read(new StringReader(model), new StringReader(assignment));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Asks for no more spread than there is, and needs only what is in each neighbourhood already. */
    private static void addService(
            StringBuilder text,
            int service,
            List<boolean[]> used,
            int[] location,
            int[] neighbourhood,
            RandomGenerator random) {
        add(text, random.nextInt(1 + labels(used.get(service), location).size()));
        List<Integer> needs = new ArrayList<>();
        for (int other = 0; other < used.size() && needs.size() < 2; other++) {
            if (random.nextInt(4) == 0
                    && labels(used.get(other), neighbourhood).containsAll(labels(used.get(service), neighbourhood))) {
                needs.add(other);
            }
        }
        add(text, needs.size());
        needs.forEach(other -> add(text, other));
        text.append('\n');
    }

    private static List<Integer> labels(boolean[] machines, int[] label) {
        List<Integer> found = new ArrayList<>();
        for (int m = 0; m < machines.length; m++) {
            if (machines[m] && !found.contains(label[m])) {
                found.add(label[m]);
            }
        }
        return found;
    }

    private static int[] draw(RandomGenerator random, int count, int bound) {
        return random.ints(count, 0, bound).toArray();
    }

    private static StringBuilder add(StringBuilder text, int... numbers) {
        for (int number : numbers) {
            text.append(number).append(' ');
        }
        return text;
    }
}
