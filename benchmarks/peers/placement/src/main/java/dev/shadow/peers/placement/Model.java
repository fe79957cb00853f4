package dev.shadow.peers.placement;

import java.io.FileInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.StreamTokenizer;
import java.nio.charset.StandardCharsets;
import java.util.zip.GZIPInputStream;

/** A machine reassignment problem as flat arrays, so that Timefold's calculator is as near the metal as ours. */
final class Model {
    int resources;
    boolean[] isTransient;
    int[] loadWeight;
    int machines;
    int[] neighbourhood;
    int[] location;
    int[] capacity;
    int[] safety;
    int[] machineMoveCost;
    int services;
    int[] spread;
    int[][] needs;
    int[][] neededBy;
    int processes;
    int[] service;
    int[] requirement;
    int[] processMoveCost;
    int[][] balances;
    int processMoveWeight;
    int serviceMoveWeight;
    int machineMoveWeight;
    int[] origin;
    int neighbourhoods;
    int locations;

    private final StreamTokenizer in;

    private Model(InputStream in) {
        this.in = new StreamTokenizer(new InputStreamReader(in, StandardCharsets.US_ASCII));
    }

    static Model read(String model, String assignment) throws IOException {
        Model read;
        try (InputStream in = open(model)) {
            read = new Model(in);
            read.parse();
        }
        try (InputStream in = open(assignment)) {
            Model numbers = new Model(in);
            read.origin = numbers.next(read.processes);
        }
        return read;
    }

    private static InputStream open(String file) throws IOException {
        InputStream bytes = new FileInputStream(file);
        return file.endsWith(".gz") ? new GZIPInputStream(bytes, 1 << 16) : bytes;
    }

    private int next() throws IOException {
        in.nextToken();
        return (int) in.nval;
    }

    private int[] next(int count) throws IOException {
        int[] numbers = new int[count];
        for (int i = 0; i < count; i++) {
            numbers[i] = next();
        }
        return numbers;
    }

    private void parse() throws IOException {
        resources = next();
        isTransient = new boolean[resources];
        loadWeight = new int[resources];
        for (int r = 0; r < resources; r++) {
            isTransient[r] = next() == 1;
            loadWeight[r] = next();
        }
        machines = next();
        neighbourhood = new int[machines];
        location = new int[machines];
        capacity = new int[machines * resources];
        safety = new int[machines * resources];
        machineMoveCost = new int[machines * machines];
        for (int m = 0; m < machines; m++) {
            neighbourhood[m] = next();
            location[m] = next();
            neighbourhoods = Math.max(neighbourhoods, neighbourhood[m] + 1);
            locations = Math.max(locations, location[m] + 1);
            System.arraycopy(next(resources), 0, capacity, m * resources, resources);
            System.arraycopy(next(resources), 0, safety, m * resources, resources);
            System.arraycopy(next(machines), 0, machineMoveCost, m * machines, machines);
        }
        services = next();
        spread = new int[services];
        needs = new int[services][];
        int[] needing = new int[services];
        for (int s = 0; s < services; s++) {
            spread[s] = next();
            needs[s] = next(next());
            for (int needed : needs[s]) {
                needing[needed]++;
            }
        }
        neededBy = new int[services][];
        for (int s = 0; s < services; s++) {
            neededBy[s] = new int[needing[s]];
        }
        for (int s = 0; s < services; s++) {
            for (int needed : needs[s]) {
                neededBy[needed][--needing[needed]] = s;
            }
        }
        processes = next();
        service = new int[processes];
        requirement = new int[processes * resources];
        processMoveCost = new int[processes];
        for (int p = 0; p < processes; p++) {
            service[p] = next();
            System.arraycopy(next(resources), 0, requirement, p * resources, resources);
            processMoveCost[p] = next();
        }
        balances = new int[next()][];
        for (int b = 0; b < balances.length; b++) {
            balances[b] = next(4);
        }
        processMoveWeight = next();
        serviceMoveWeight = next();
        machineMoveWeight = next();
    }
}
