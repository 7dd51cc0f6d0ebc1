include(Platform/Linux-GNU-CXX)
