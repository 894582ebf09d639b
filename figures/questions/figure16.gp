# The questions on MNIST-1D, those that run the default network and question 7: validation accuracy over epochs.
# item: Q1 on MNIST-1D; Q3 on MNIST-1D; Q4 on MNIST-1D; Q5 on MNIST-1D; Q6 on MNIST-1D; Q7 on MNIST-1D
# needs: signals signals-networks
# ours: signals val_accuracy
# ours: signals-networks val_accuracy
eval figure(17.4, 9.2)
panel_right = 1.75; band = 'error'
cell(settings) = 'signals/data=mnist1d '.settings.'/val_accuracy'
network(name) = 'signals-networks/network='.name.' optimizer=sgd learning-rate=0.01 transfer=none/val_accuracy'
usual = 'batch=16 optimizer=sgd learning-rate=0.01 dropout=0.5'
begin(place, text) = sprintf("eval panel(%d, 3, %d, 2); eval x_axis('epoch', 1, 20); set xtics 5; eval y_axis(%d %% 3 == 0 ? 'accuracy (%%)' : '', 0, 100); \
    set ytics 20; eval title(substr('abcdef', %d, %d), '%s')", place % 3, place / 3, place, place + 1, place + 1, text)

eval begin(0, 'question 1: the set')
eval curve(cell(usual), 'MNIST-1D', blue, solid)
eval curve('signals/data=mnist1d-shuffled '.usual.'/val_accuracy', 'shuffled', vermilion, dashed)
load 'curves.gp'
eval begin(1, 'question 3: the learning rate')
eval curve(cell('batch=16 optimizer=sgd learning-rate=0.1 dropout=0.5'), '0.1', vermilion, solid)
eval curve(cell(usual), '0.01', blue, solid)
eval curve(cell('batch=16 optimizer=sgd learning-rate=0.001 dropout=0.5'), '0.001', green, solid)
load 'curves.gp'
eval begin(2, 'question 4: the optimiser')
eval curve(cell('batch=16 optimizer=adam learning-rate=0.001 dropout=0.5'), 'Adam', vermilion, solid)
eval curve(cell('batch=16 optimizer=rmsprop learning-rate=0.01 dropout=0.5'), 'RMSprop', green, solid)
eval curve(cell(usual), 'SGD', blue, solid)
load 'curves.gp'
eval begin(3, 'question 5: dropout')
eval curve(cell('batch=16 optimizer=sgd learning-rate=0.01 dropout=0'), '0', black, solid)
eval curve(cell('batch=16 optimizer=sgd learning-rate=0.01 dropout=0.25'), '0.25', green, solid)
eval curve(cell(usual), '0.5', blue, solid)
eval curve(cell('batch=16 optimizer=sgd learning-rate=0.01 dropout=0.9'), '0.9', vermilion, solid)
eval curve(cell('batch=16 optimizer=sgd learning-rate=0.01 dropout=1'), '1', purple, dashed)
load 'curves.gp'
eval begin(4, 'question 6: the batch size')
eval curve(cell('batch=2 optimizer=sgd learning-rate=0.01 dropout=0.5'), '2', vermilion, solid)
eval curve(cell(usual), '16', blue, solid)
eval curve(cell('batch=128 optimizer=sgd learning-rate=0.01 dropout=0.5'), '128', green, solid)
load 'curves.gp'
eval begin(5, 'question 7: the channels')
eval curve(network('double'), '2x', vermilion, solid)
eval curve(network('double-channels'), '2x, coded', orange, dashed)
eval curve(cell(usual), 'default', blue, solid)
eval curve(network('half-channels'), 'half, coded', green, dashed)
eval curve(network('half'), 'half', purple, solid)
load 'curves.gp'
