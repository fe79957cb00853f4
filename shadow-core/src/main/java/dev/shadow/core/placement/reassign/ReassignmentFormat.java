package dev.shadow.core.placement.reassign;

import dev.shadow.core.placement.reassign.ReassignmentProblem.Balance;
import dev.shadow.spi.InvalidValueException;
import java.io.IOException;
import java.io.Reader;
import java.io.Writer;
import java.util.Arrays;

/**
 * The text format of the ROADEF/EURO challenge 2012: whole numbers between white space. Stateless.
 *
 * <p>Amounts, costs and weights are whole numbers from 0 to {@value #MAX_AMOUNT}. Location and neighbourhood numbers are
 * any from 0 on and need not be dense.
 */
public final class ReassignmentFormat {
    /** The largest amount, cost or weight that is read. */
    public static final int MAX_AMOUNT = 500_000_000;

    private static final int MAX_COUNT = 10_000_000;
    private static final int MAX_MACHINES = 20_000;
    private static final double LARGEST_COST = 1e18;
    private static final int MAX_CELLS = 400_000_000;

    private ReassignmentFormat() {}

    /**
     * Reads a model and the assignment that it starts with.
     *
     * @throws InvalidValueException if a number is missing, malformed or out of range, with its line, name and value; if a
     *     number follows the last; or if the assignment breaks a constraint
     * @throws IOException if a reader fails
     */
    public static ReassignmentProblem read(Reader model, Reader assignment) throws IOException {
        ModelDraft draft = new ModelReader(new NumberScanner(model)).read();
        int[] origin = readAssignment(assignment, draft.service.length, draft.location.length);
        checkCosts(draft);
        ReassignmentProblem problem = ReassignmentProblem.of(draft, origin);
        problem.violation(origin).ifPresent(broken -> {
            throw new InvalidValueException("the first assignment", "one where " + broken, "keep every constraint");
        });
        return problem;
    }

    /** Costs are counted in 64 bits, so no assignment may cost more. */
    private static void checkCosts(ModelDraft draft) {
        int resources = draft.loadWeight.length;
        double most = 0;
        double largestCapacity = 0;
        for (int i = 0; i < draft.capacity.length; i++) {
            most += (double) draft.capacity[i] * draft.loadWeight[i % resources];
            largestCapacity = Math.max(largestCapacity, draft.capacity[i]);
        }
        for (Balance balance : draft.balances) {
            most += largestCapacity * balance.target() * balance.weight() * draft.location.length;
        }
        double moves = (double) draft.processMoveWeight * largest(draft.processMoveCost)
                + (double) draft.machineMoveWeight * largest(draft.machineMoveCost)
                + draft.serviceMoveWeight;
        most += moves * draft.service.length;
        if (most > LARGEST_COST) {
            throw new InvalidValueException(
                    "the largest possible cost", Double.toString(most), "be at most " + LARGEST_COST);
        }
    }

    private static int largest(int[] values) {
        return Arrays.stream(values).max().orElse(0);
    }

    /**
     * Reads the machine of each process.
     *
     * @throws InvalidValueException as {@link #read} does
     * @throws IOException if the reader fails
     */
    public static int[] readAssignment(Reader in, ReassignmentProblem problem) throws IOException {
        return readAssignment(in, problem.processes, problem.machines);
    }

    private static int[] readAssignment(Reader in, int processes, int machines) throws IOException {
        NumberScanner numbers = new NumberScanner(in);
        int[] assignment = new int[processes];
        for (int process = 0; process < processes; process++) {
            int named = process;
            assignment[process] = numbers.number(() -> "machine of process " + named, 0, machines - 1);
        }
        numbers.end();
        return assignment;
    }

    /**
     * Writes the machine of each process in one line.
     *
     * @throws IOException if the writer fails
     */
    public static void writeAssignment(Writer out, int[] assignment) throws IOException {
        StringBuilder text = new StringBuilder();
        for (int process = 0; process < assignment.length; process++) {
            text.append(process == 0 ? "" : " ").append(assignment[process]);
        }
        out.write(text.append('\n').toString());
    }

    /** Reads one model, section by section. */
    private static final class ModelReader {
        private final NumberScanner numbers;
        private final ModelDraft draft = new ModelDraft();

        ModelReader(NumberScanner numbers) {
            this.numbers = numbers;
        }

        ModelDraft read() throws IOException {
            readResources();
            readMachines();
            readServices();
            readProcesses();
            readBalances();
            draft.processMoveWeight = amount("process move weight");
            draft.serviceMoveWeight = amount("service move weight");
            draft.machineMoveWeight = amount("machine move weight");
            numbers.end();
            return draft;
        }

        private void readResources() throws IOException {
            int count = numbers.number(() -> "number of resources", 1, 1000);
            draft.transientMask = new int[count];
            draft.loadWeight = new int[count];
            for (int r = 0; r < count; r++) {
                int resource = r;
                draft.transientMask[r] = -numbers.number(() -> "transient flag of resource " + resource, 0, 1);
                draft.loadWeight[r] = amount("load weight of resource ", r);
            }
        }

        private void readMachines() throws IOException {
            int resources = draft.loadWeight.length;
            int count = numbers.number(() -> "number of machines", 1, Math.min(MAX_MACHINES, MAX_CELLS / resources));
            int[] neighbourhoods = new int[count];
            int[] locations = new int[count];
            draft.capacity = new int[count * resources];
            draft.safety = new int[count * resources];
            draft.machineMoveCost = new int[count * count];
            for (int m = 0; m < count; m++) {
                neighbourhoods[m] = label("neighbourhood of machine ", m);
                locations[m] = label("location of machine ", m);
                for (int r = 0; r < resources; r++) {
                    draft.capacity[m * resources + r] = amount("capacity of machine ", m, " for resource ", r);
                }
                for (int r = 0; r < resources; r++) {
                    draft.safety[m * resources + r] = amount("safety capacity of machine ", m, " for resource ", r);
                }
                for (int to = 0; to < count; to++) {
                    draft.machineMoveCost[m * count + to] = amount("move cost from machine ", m, " to machine ", to);
                }
            }
            draft.neighbourhood = dense(neighbourhoods);
            draft.location = dense(locations);
        }

        private void readServices() throws IOException {
            int count = numbers.number(() -> "number of services", 1, MAX_COUNT);
            draft.spread = new int[count];
            draft.needs = new int[count][];
            for (int s = 0; s < count; s++) {
                int service = s;
                draft.spread[s] = amount("least spread of service ", s);
                int needed = numbers.number(() -> "number of dependencies of service " + service, 0, count);
                int[] needs = new int[needed];
                for (int i = 0; i < needed; i++) {
                    needs[i] = numbers.number(() -> "dependency of service " + service, 0, count - 1);
                }
                // A service is in its own neighbourhoods by itself, and once needed is needed.
                draft.needs[s] = Arrays.stream(needs)
                        .filter(n -> n != service)
                        .distinct()
                        .toArray();
            }
        }

        private void readProcesses() throws IOException {
            int resources = draft.loadWeight.length;
            int services = draft.spread.length;
            int count = numbers.number(() -> "number of processes", 1, Math.min(MAX_COUNT, MAX_CELLS / resources));
            draft.service = new int[count];
            draft.requirement = new int[count * resources];
            draft.processMoveCost = new int[count];
            for (int p = 0; p < count; p++) {
                int process = p;
                draft.service[p] = numbers.number(() -> "service of process " + process, 0, services - 1);
                for (int r = 0; r < resources; r++) {
                    draft.requirement[p * resources + r] = amount("requirement of process ", p, " for resource ", r);
                }
                draft.processMoveCost[p] = amount("move cost of process ", p);
            }
        }

        private void readBalances() throws IOException {
            int last = draft.loadWeight.length - 1;
            draft.balances = new Balance[numbers.number(() -> "number of balance costs", 0, 1000)];
            for (int b = 0; b < draft.balances.length; b++) {
                int balance = b;
                draft.balances[b] = new Balance(
                        numbers.number(() -> "first resource of balance " + balance, 0, last),
                        numbers.number(() -> "second resource of balance " + balance, 0, last),
                        amount("target of balance ", b),
                        amount("weight of balance ", b));
            }
        }

        private int label(String what, int of) throws IOException {
            return numbers.number(() -> what + of, 0, Integer.MAX_VALUE);
        }

        private int amount(String what) throws IOException {
            return numbers.number(() -> what, 0, MAX_AMOUNT);
        }

        private int amount(String what, int of) throws IOException {
            return numbers.number(() -> what + of, 0, MAX_AMOUNT);
        }

        private int amount(String what, int of, String and, int second) throws IOException {
            return numbers.number(() -> what + of + and + second, 0, MAX_AMOUNT);
        }

        /** Numbers the distinct labels 0, 1, 2 and so on, in their order. */
        private static int[] dense(int[] labels) {
            int[] distinct = Arrays.stream(labels).sorted().distinct().toArray();
            return Arrays.stream(labels)
                    .map(label -> Arrays.binarySearch(distinct, label))
                    .toArray();
        }
    }
}
